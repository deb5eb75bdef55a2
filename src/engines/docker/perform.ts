import type { EngineStep } from '../../cluster/plan.js';
import { subjectOf } from '../../cluster/step-subject.js';
import { dockerFailure } from './api-errors.js';
import { fetchImage } from './image-steps.js';
import { endLease, grantLease } from './lease-steps.js';
import { findNetwork } from './joined-networks.js';
import { createNetwork, removeNetwork } from './network-steps.js';
import { createNode, killNode, pauseNode, removeNode, startNode, stopNode } from './node-steps.js';
import type { StepScope } from './step-scope.js';
import { createVolume, removeVolume } from './volume-steps.js';

type Handlers = {
  [Kind in EngineStep['kind']]: (
    scope: StepScope,
    step: Extract<EngineStep, { kind: Kind }>,
  ) => Promise<void>;
};

const handlers: Handlers = {
  'find-network': findNetwork,
  'fetch-image': fetchImage,
  'create-network': createNetwork,
  'create-volume': createVolume,
  'create-node': createNode,
  'start-node': startNode,
  'stop-node': stopNode,
  'kill-node': killNode,
  'pause-node': pauseNode,
  'remove-node': removeNode,
  'remove-network': removeNetwork,
  'remove-volume': removeVolume,
  'grant-lease': grantLease,
  'end-lease': endLease,
};

/** Does one step; what is already so is left alone. @throws KclusterError for every failure of Docker */
export async function perform(scope: StepScope, step: EngineStep): Promise<void> {
  // The table pairs each kind with its own step, which the type of a lookup by a union cannot say.
  const handler = handlers[step.kind] as (scope: StepScope, step: EngineStep) => Promise<void>;
  try {
    await handler(scope, step);
  } catch (error) {
    throw dockerFailure(error, `${step.kind.replace(/-.*/, '')} ${subjectOf(step)}`);
  }
}
