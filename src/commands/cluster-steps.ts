import type { Engine } from '../cluster/engine.js';
import type { PerformClusterStep } from '../cluster/execute.js';
import { KclusterError, messageOf, unreachable } from '../errors.js';
import { unlessAborted } from '../system/abort.js';
import { awaitBrokers, awaitZooKeepers, type WaitContext } from '../readiness/wait.js';
import { zookeeperConnect, type Topology } from '../topology/topology.js';
import type { CommandContext } from './context.js';

const requestTimeoutMs = 10_000;

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
      case 'clear-registration':
        return await unlessAborted(clearRegistration(topology, step.brokerId), signal);
      default:
        return unreachable(step);
    }
  };
}

/** The broker does not run, so that its znode can only be that of a session which is over. */
async function clearRegistration(topology: Topology, brokerId: number): Promise<void> {
  const { withZooKeeper } = await import('../clients/zookeeper.js');
  try {
    await withZooKeeper(zookeeperConnect(topology), requestTimeoutMs, async (session) => {
      await session.remove(`/brokers/ids/${brokerId}`);
    });
  } catch (error) {
    throw new KclusterError('notReady', `ZooKeeper did not answer: ${messageOf(error)}`, {
      hints: [`See what it says: \`kcluster logs --name ${topology.project}\`.`],
      cause: error,
    });
  }
}
