import type { Engine } from '../cluster/engine.js';
import type { PerformClusterStep } from '../cluster/execute.js';
import { unreachable } from '../errors.js';
import { unlessAborted } from '../system/abort.js';
import { awaitBrokers, awaitZooKeepers, type WaitContext } from '../readiness/wait.js';
import type { Topology } from '../topology/topology.js';
import { checkData } from './check-data.js';
import type { CommandContext } from './context.js';
import { withZooKeeperOf } from './zookeeper-of.js';

/** The acts on the cluster's own state; `timeout`, in seconds, runs from the first wait on, not while images come. */
export function clusterSteps(
  { emit }: Pick<CommandContext, 'emit'>,
  engine: Engine,
  topology: Topology,
  timeout: number,
): PerformClusterStep {
  let firstWait: number | undefined;
  const wait = (signal: AbortSignal): WaitContext => {
    firstWait ??= performance.now();
    return { engine, topology, deadline: firstWait + timeout * 1000, signal, emit };
  };
  return async (step, signal) => {
    switch (step.kind) {
      case 'await-zookeepers':
        return await awaitZooKeepers(wait(signal));
      case 'await-brokers':
        return await awaitBrokers(wait(signal));
      case 'check-data':
        return await unlessAborted(checkData(engine, topology, step.role, step.nodes), signal);
      case 'clear-registration':
        return await unlessAborted(clearRegistration(topology, step.brokerId), signal);
      default:
        return unreachable(step);
    }
  };
}

/** The broker does not run, so that its znode can only be that of a session which is over. */
async function clearRegistration(topology: Topology, brokerId: number): Promise<void> {
  await withZooKeeperOf(topology, async (session) => {
    await session.remove(`/brokers/ids/${brokerId}`);
  });
}
