import type { Engine } from '../cluster/engine.js';
import { execute } from '../cluster/execute.js';
import type { Plan } from '../cluster/plan.js';
import type { Emit } from '../report/events.js';
import type { Topology } from '../topology/topology.js';
import { clusterSteps, type Waits } from './cluster-steps.js';
import type { OperationContext } from './context.js';

/** Does what a plan says, having said which nodes it replaces and why. */
export async function carryOut(
  plan: Plan,
  context: OperationContext,
  engine: Engine,
  topology: Topology,
  waits: Waits,
): Promise<void> {
  tellReplaced(plan, context.emit);
  const performClusterStep = clusterSteps(context, engine, topology, waits);
  await execute(plan, { ...context, engine, performClusterStep });
}

function tellReplaced({ stages }: Plan, emit: Emit): void {
  const steps = stages.flat();
  const created = new Set(
    steps.flatMap(({ step }) => (step.kind === 'create-node' ? step.service : [])),
  );
  const services = new Map<string, string[]>();
  for (const { step, cause } of steps)
    if (step.kind === 'remove-node' && created.has(step.service))
      services.set(cause, [...(services.get(cause) ?? []), step.service]);
  for (const [cause, replaced] of services) {
    const verb = replaced.length === 1 ? 'is' : 'are';
    emit({ type: 'notice', message: `${replaced.join(', ')} ${verb} replaced: ${cause}` });
  }
}
