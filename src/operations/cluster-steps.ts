import type { Engine } from '../cluster/engine.js';
import type { PerformClusterStep } from '../cluster/execute.js';
import type { ClusterStep } from '../cluster/plan.js';
import { KclusterError } from '../errors.js';
import { awaitBrokers, awaitZooKeepers, type WaitContext } from '../readiness/wait.js';
import { unlessAborted } from '../system/abort.js';
import type { TopicsContext } from '../topics/context.js';
import { recoverTopology } from '../topology/recover.js';
import type { ClusterNode, Topology } from '../topology/topology.js';
import { checkData } from './check-data.js';
import type { OperationContext } from './context.js';
import { awaitRegistered } from './registration.js';
import { withZooKeeperOf } from './zookeeper-of.js';

/** How long a run waits, and what it does when that was in vain. */
export interface Waits {
  /** Seconds. */
  timeout: number;
  /** Whether each wait has so much time; otherwise all of them together, from the first one on. */
  each?: boolean;
  /** Whether a failed run takes back what it made, unless `--keep`. */
  takesBack?: boolean;
}

/** The acts on the cluster's own state. No time passes while images come. */
export function clusterSteps(
  { emit }: Pick<OperationContext, 'emit'>,
  engine: Engine,
  topology: Topology,
  { timeout, each = false, takesBack = false }: Waits,
): PerformClusterStep {
  let firstWait: number | undefined;
  return async (step, signal) => {
    if (each || firstWait === undefined) firstWait = performance.now();
    const deadline = firstWait + timeout * 1000;
    const context = {
      engine,
      topology: await asItIs(engine, topology),
      deadline,
      signal,
      emit,
      takesBack,
    };
    // The table pairs each kind with its own step, which the type of a lookup by a union cannot say.
    const act = acts[step.kind] as (step: ClusterStep, context: WaitContext) => Promise<void>;
    await act(step, context);
  };
}

/** Nodes that are still to be replaced are asked where they listen, and not where their successors will. */
async function asItIs(engine: Engine, wanted: Topology): Promise<Topology> {
  const now = recoverTopology(await engine.observe(wanted.project));
  const present = <T extends ClusterNode>(node: T, there: readonly T[]): T =>
    there.find(({ id }) => id === node.id) ?? node;
  return {
    ...wanted,
    zookeepers: wanted.zookeepers.map((node) => present(node, now.zookeepers)),
    brokers: wanted.brokers.map((node) => present(node, now.brokers)),
  };
}

type Acts = {
  [Kind in ClusterStep['kind']]: (
    step: Extract<ClusterStep, { kind: Kind }>,
    context: WaitContext,
  ) => Promise<void>;
};

const acts: Acts = {
  'await-zookeepers': async (_step, context) => await awaitZooKeepers(context),
  'await-registered': async (_step, context) => await awaitRegistered(context),
  'await-brokers': async (_step, context) => await awaitBrokers(context),
  'apply-topics': async ({ topics }, context) => {
    const { applyTopics } = await import('../topics/apply.js');
    await applyTopics(topics, topicsContext(context));
  },
  'check-data': async ({ role, nodes }, { engine, topology, signal }) =>
    await unlessAborted(checkData(engine, topology, role, nodes), signal),
  'clear-registration': async ({ brokerId }, { topology, signal }) =>
    await unlessAborted(clearRegistration(brokerId, topology), signal),
  'await-in-sync': async ({ without }, context) => {
    const { awaitFullIsr } = await import('../topics/isr.js');
    await awaitFullIsr(topicsContext(context), undefined, without);
  },
  'await-leaders': async (_step, context) => {
    const { awaitLeaders } = await import('../topics/leaders.js');
    await awaitLeaders(topicsContext(context));
  },
  'check-replicas': async ({ brokerIds }, context) => {
    const { tellSingleReplicas } = await import('../topics/few-replicas.js');
    await tellSingleReplicas(brokerIds, topicsContext(context));
  },
  'keep-writable': async ({ insync }, context) => {
    const { keepWritable } = await import('../topics/few-replicas.js');
    await keepWritable(insync, topicsContext(context));
  },
  'check-departure': async ({ brokerIds }, context) => {
    const { checkDeparture } = await import('../topics/drain.js');
    await checkDeparture(brokerIds, topicsContext(context));
  },
  'drain-brokers': async ({ brokerIds }, context) => {
    const { drain } = await import('../topics/drain.js');
    await drain(brokerIds, topicsContext(context));
  },
  'check-drained': async ({ brokerIds }, { topology, signal }) =>
    await unlessAborted(assertDrained(brokerIds, topology), signal),
};

/** How to reach the brokers of a cluster. */
export function topicsContext({
  engine,
  topology,
  deadline,
  signal,
  emit,
}: Omit<WaitContext, 'takesBack'>): TopicsContext {
  return {
    bootstrap: topology.brokers.map(({ hostAddress }) => hostAddress),
    dial: (to) => engine.dial(topology.project, 'host', to),
    deadline,
    signal,
    emit,
  };
}

/**
 * Removes what is left in ZooKeeper of a broker that does not run: it can only be that of a session which is over, but
 * which ZooKeeper keeps for up to `zookeeper.session.timeout.ms`. So long nobody else could become the controller.
 */
async function clearRegistration(brokerId: number, topology: Topology): Promise<void> {
  const { controllerOf } = await import('../clients/znodes.js');
  await withZooKeeperOf(topology, async (session) => {
    await session.remove(`/brokers/ids/${brokerId}`);
    if (controllerOf(await session.read('/controller')) === brokerId)
      await session.remove('/controller');
  });
}

/**
 * Their data goes next, so that ZooKeeper itself is asked, not a broker that may have heard less.
 * @throws KclusterError `conflict` when a partition has come to one of the brokers
 */
async function assertDrained(brokerIds: readonly number[], topology: Topology): Promise<void> {
  const { assignmentOf } = await import('../clients/znodes.js');
  const held = await withZooKeeperOf(topology, async (session) => {
    const topics = await session.children('/brokers/topics');
    const assigned = topics.map(async (topic) => ({
      topic,
      replicas: assignmentOf(await session.read(`/brokers/topics/${topic}`)),
    }));
    return (await Promise.all(assigned))
      .filter(({ replicas }) => replicas.flat().some((id) => brokerIds.includes(id)))
      .map(({ topic }) => topic);
  });
  if (held.length === 0) return;
  throw new KclusterError('conflict', 'topics have come to the brokers while they were stopped', {
    details: held.sort(),
    hints: ['Start them again with `kcluster start`, and do it again.'],
  });
}
