import { Label } from '../compose/labels.js';
import type { ObservedNode, ObservedProject } from './observed.js';
import type { Plan, Stage } from './plan.js';

/** Seconds that a broker, or a ZooKeeper, gets to stop by itself. */
const graceSeconds = { broker: 60, zookeeper: 30 };

/**
 * Stops every node that runs, brokers before ZooKeeper: a broker that has lost ZooKeeper hangs in its shutdown
 * until it is killed. Pure.
 */
export function stopPlan(observed: ObservedProject, cause: string): Plan {
  return plan(observed, stopStages(observed.nodes, cause));
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
  ]);
}

/**
 * Takes back what a run has added to what was there before it: `before` and `now` are observations of one project.
 * Nodes with data from before are stopped gracefully; others are ended at once, since their data goes too. Pure.
 */
export function undo(before: ObservedProject, now: ObservedProject): Plan {
  const cause = 'this run made it';
  const isNew = (node: ObservedNode): boolean =>
    !before.nodes.some((old) => old.service === node.service);
  const wasRunning = (node: ObservedNode): boolean =>
    before.nodes.some((old) => old.service === node.service && old.state === 'running');
  const started = now.nodes.filter((node) => node.state === 'running' && !wasRunning(node));
  const keepsData = before.volumes.length > 0;
  const added: ObservedProject = {
    project: now.project,
    nodes: now.nodes.filter(isNew),
    networks: now.networks.filter((network) => !before.networks.includes(network)),
    volumes: now.volumes.filter((volume) => !before.volumes.includes(volume)),
  };
  return plan(now, [
    ...(keepsData
      ? stopStages(started, cause)
      : [started.map(({ service }) => ({ step: { kind: 'kill-node', service } as const, cause }))]),
    ...removeStages(added, true, cause),
  ]);
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
  return (['broker', 'zookeeper'] as const).map((role) =>
    nodes
      .filter((node) => roleOf(node) === role && isAlive(node))
      .map(({ service }) => ({
        step: { kind: 'stop-node', service, graceSeconds: graceSeconds[role] },
        cause,
      })),
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
