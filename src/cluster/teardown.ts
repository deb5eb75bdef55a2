import { Label } from '../compose/labels.js';
import { serviceOfVolume } from './guard.js';
import type { ObservedNode, ObservedProject } from './observed.js';
import type { EngineStep, Plan, Stage } from './plan.js';

/** Seconds that a broker, or a ZooKeeper, gets to stop by itself. */
const graceSeconds = { broker: 60, zookeeper: 30 };

/**
 * Stops every node that runs, brokers before ZooKeeper: a broker that has lost ZooKeeper hangs in its shutdown
 * until it is killed. Pure.
 */
export function stopPlan(observed: ObservedProject, cause: string): Plan {
  return plan(observed, stopStages(observed.nodes, cause));
}

/** Freezes every node that runs, brokers first: they ask ZooKeeper for nothing then. Pure. */
export function pausePlan(observed: ObservedProject, cause: string): Plan {
  const running = observed.nodes.filter(({ state }) => state === 'running');
  return plan(
    observed,
    stagesOf(['broker', 'zookeeper'], running, cause, ({ service }) => ({
      kind: 'pause-node',
      service,
    })),
  );
}

/** Lets every frozen node go on, ZooKeeper first. Pure. */
export function resumePlan(observed: ObservedProject, cause: string): Plan {
  const paused = observed.nodes.filter(({ state }) => state === 'paused');
  return plan(
    observed,
    stagesOf(['zookeeper', 'broker'], paused, cause, ({ service }) => ({
      kind: 'start-node',
      service,
    })),
  );
}

/** Stops and removes every node and network, and with `volumes` the data, brokers' first. Pure. */
export function teardown(
  observed: ObservedProject,
  options: { volumes: boolean; cause: string },
): Plan {
  const { cause } = options;
  return plan(observed, [
    ...stopStages(observed.nodes, cause),
    ...removeStages(observed, options.volumes, cause),
    // Last: a run that is killed before leaves what the lease's end still removes.
    endLease(observed, cause),
  ]);
}

/**
 * Takes back what a run has added to what was there before it: `before` and `now` are observations of one project.
 * Nodes with data from before are stopped gracefully; others are ended at once, since their data goes too. Brokers that
 * have joined others stay. Pure.
 */
export function undo(before: ObservedProject, now: ObservedProject): Plan {
  const cause = 'this run made it';
  const joined = joinedBrokers(before, now);
  const stays = (service: string): boolean => joined.includes(service);
  const isNew = ({ service }: ObservedNode): boolean => !nodeOf(before, service);
  const served = before.nodes.some((node) => roleOf(node) === 'broker' && isAlive(node));
  const started = now.nodes.filter(
    ({ service, state }) =>
      state === 'running' &&
      nodeOf(before, service)?.state !== 'running' &&
      !(served && stays(service)),
  );
  const keepsData = before.volumes.length > 0;
  const added: ObservedProject = {
    project: now.project,
    nodes: now.nodes.filter((node) => isNew(node) && !stays(node.service)),
    networks: now.networks.filter((network) => !before.networks.includes(network)),
    volumes: now.volumes.filter(
      (volume) => !before.volumes.includes(volume) && !stays(serviceOfVolume(volume)),
    ),
  };
  return plan(now, [
    ...(keepsData
      ? stopStages(started, cause)
      : [started.map(({ service }) => ({ step: { kind: 'kill-node', service } as const, cause }))]),
    ...removeStages(added, true, cause),
    before.lease ? [] : endLease(now, cause),
  ]);
}

/**
 * Brokers that a run has started beside brokers with data from before: topics may have come to them since, so that they
 * can only be drained. Pure.
 */
export function joinedBrokers(before: ObservedProject, now: ObservedProject): string[] {
  const hadBrokers = before.volumes.some((volume) => serviceOfVolume(volume).startsWith('broker-'));
  if (!hadBrokers) return [];
  return now.nodes
    .filter((node) => roleOf(node) === 'broker' && node.state !== 'created')
    .map(({ service }) => service)
    .filter((service) => !before.volumes.some((volume) => serviceOfVolume(volume) === service));
}

function nodeOf({ nodes }: ObservedProject, service: string): ObservedNode | undefined {
  return nodes.find((node) => node.service === service);
}

/** Nodes of before that are gone, or are not what they were: `undo` can't bring them back. Pure. */
export function replacedNodes(before: ObservedProject, now: ObservedProject): string[] {
  return before.nodes
    .filter(({ service, configHash }) => {
      const node = now.nodes.find((candidate) => candidate.service === service);
      return node?.configHash !== configHash;
    })
    .map(({ service }) => service);
}

/** Seconds that a node gets to stop by itself. */
export function graceOf(node: ObservedNode): number {
  return graceSeconds[roleOf(node)];
}

/** Stops those that are alive, brokers first. Pure. */
export function stopStages(nodes: readonly ObservedNode[], cause: string): Stage[] {
  return stagesOf(['broker', 'zookeeper'], nodes.filter(isAlive), cause, (node) => ({
    kind: 'stop-node',
    service: node.service,
    graceSeconds: graceOf(node),
  }));
}

/** A stage for the nodes of each role, in that order. */
function stagesOf(
  roles: readonly ('broker' | 'zookeeper')[],
  nodes: readonly ObservedNode[],
  cause: string,
  stepFor: (node: ObservedNode) => EngineStep,
): Stage[] {
  return roles.map((role) =>
    nodes.filter((node) => roleOf(node) === role).map((node) => ({ step: stepFor(node), cause })),
  );
}

function removeStages(observed: ObservedProject, volumes: boolean, cause: string): Stage[] {
  const removable = volumes ? observed.volumes : [];
  const ofZooKeeper = (volume: string): boolean => volume.startsWith('zookeeper');
  const removeVolumes = (keys: readonly string[]): Stage =>
    keys.map((volume) => ({ step: { kind: 'remove-volume', volume }, cause }));
  return [
    observed.nodes.map(({ service }) => ({ step: { kind: 'remove-node', service }, cause })),
    observed.networks.map((network) => ({ step: { kind: 'remove-network', network }, cause })),
    removeVolumes(removable.filter((volume) => !ofZooKeeper(volume))),
    removeVolumes(removable.filter(ofZooKeeper)),
  ];
}

function endLease({ lease }: ObservedProject, cause: string): Stage {
  return lease ? [{ step: { kind: 'end-lease' }, cause }] : [];
}

/** A node without a role (of a project that kcluster only takes down) counts as a broker: it goes first. */
function roleOf(node: ObservedNode): 'zookeeper' | 'broker' {
  return node.labels[Label.role] === 'zookeeper' ? 'zookeeper' : 'broker';
}

function isAlive({ state }: ObservedNode): boolean {
  return state === 'running' || state === 'paused';
}

function plan({ project }: ObservedProject, stages: Stage[]): Plan {
  return { project, stages: stages.filter((stage) => stage.length > 0) };
}
