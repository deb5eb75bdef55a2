import { Label } from '../compose/labels.js';
import { joinedNetworks } from '../topology/recover.js';
import { parseVolume } from '../compose/document.js';
import { profileOf, type Profile } from '../spec/profile.js';
import type { Role } from './changes.js';
import type { ObservedNode, ObservedProject } from './observed.js';
import type { NodeWithData } from './own-data.js';
import type { Plan, PlannedStep, Stage } from './plan.js';

export interface NodeToStart extends NodeWithData {
  role: string | undefined;
  /** A paused node goes on; its session with ZooKeeper may be alive. */
  isPaused: boolean;
  profile: Profile;
  cause: string;
}

/** Starts every node of the project that does not run. Pure. */
export function startPlan(observed: ObservedProject): Plan {
  const idle = observed.nodes
    .filter((node) => node.state !== 'running')
    .map((node) => toStart(node, `${node.service} is ${node.state}`));
  const stages = [
    idle.length === 0 ? [] : findNetworks(joinedNetworks(observed)),
    ...startStages(idle, observed),
  ];
  return { project: observed.project, stages: stages.filter((stage) => stage.length > 0) };
}

/** Networks of other projects may have gone; nothing is made or started before they are found. Pure. */
export function findNetworks(names: readonly string[]): Stage {
  return names.map((network) => ({
    step: { kind: 'find-network', network },
    cause: 'every node joins it',
  }));
}

/** Of a node that is there. */
export function toStart(node: ObservedNode, cause: string): NodeToStart {
  const { service, state, labels, definition } = node;
  return {
    service,
    role: labels[Label.role],
    id: Number(labels[Label.id]),
    volumes: definition?.volumes ?? [],
    isPaused: state === 'paused',
    profile: profileOf(labels),
    cause,
  };
}

/**
 * ZooKeepers, a wait until they serve, brokers, a wait until they are ready and lead what they are to. Pure.
 *
 * Where nothing is there yet, brokers start right behind a ZooKeeper that is alone: its JVM serves in less time than theirs
 * take to come to it. One that comes too early sleeps for up to a second before it tries again (ClientCnxn.startConnect),
 * as it might with an ensemble, which holds an election first. The profile production-like starts them in production's order.
 */
export function startStages(nodes: readonly NodeToStart[], observed: ObservedProject): Stage[] {
  const start = (role: string): Stage =>
    nodes
      .filter((node) => node.role === role)
      .map(({ service, cause }) => ({ step: { kind: 'start-node', service }, cause }));
  const zookeepersServe: Stage = [
    {
      step: { kind: 'await-zookeepers' },
      cause: 'brokers register with an ensemble that serves',
    },
  ];
  const isOverlapped =
    observed.volumes.length === 0 &&
    start('zookeeper').length === 1 &&
    nodes.every(({ profile }) => profile === 'fast');
  return [
    checkData('zookeeper', nodes, observed),
    start('zookeeper'),
    ...(isOverlapped
      ? [start('broker'), zookeepersServe]
      : [
          zookeepersServe,
          checkData('broker', nodes, observed),
          clearRegistrations(nodes, observed),
          start('broker'),
        ]),
    awaitRegistered(nodes, observed),
    [
      {
        step: { kind: 'await-brokers' },
        cause: 'the cluster is up when every broker lists every broker',
      },
    ],
    nodes.length > 0 && observed.volumes.length > 0 ? [leadersSettled] : [],
  ];
}

/**
 * A broker that was frozen, or without ZooKeeper, for longer than its session goes on as if nothing had been, until
 * ZooKeeper tells it; its own metadata says nothing of that.
 */
function awaitRegistered(nodes: readonly NodeToStart[], observed: ObservedProject): Stage {
  const wasFrozen = nodes.some(({ role, isPaused }) => role === 'broker' && isPaused);
  const runsOn = ({ service, state, labels }: ObservedNode): boolean =>
    labels[Label.role] === 'broker' &&
    state === 'running' &&
    !nodes.some((node) => node.service === service);
  const isServedAnew =
    nodes.some(({ role }) => role === 'zookeeper') && observed.nodes.some(runsOn);
  return wasFrozen || isServedAnew ? [sessionsThere] : [];
}

/** Of brokers that have run on. */
export const sessionsThere: PlannedStep = {
  step: { kind: 'await-registered' },
  cause: 'a session may have expired',
};

/** Of brokers that have come back to partitions from before: who came first leads them. */
export const leadersSettled: PlannedStep = {
  step: { kind: 'await-leaders' },
  cause: 'Kafka would move leaders back later, amid the work of clients',
};

/** Data from before may be of something else, such as a volume that was copied. */
function checkData(role: Role, starting: readonly NodeToStart[], observed: ObservedProject): Stage {
  const nodes = starting
    .filter((node) => node.role === role && !node.isPaused)
    .map(({ service, id, volumes }) => ({ service, id, volumes }))
    .filter(({ volumes }) =>
      volumes.some((mount) => observed.volumes.includes(parseVolume(mount).volume)),
    );
  const cause = {
    zookeeper: 'a ZooKeeper with the data of another would be a second one of that id',
    broker: 'a broker dies on the data of another cluster',
  };
  return nodes.length === 0
    ? []
    : [{ step: { kind: 'check-data', role, nodes }, cause: cause[role] }];
}

/**
 * A broker that was killed leaves its ephemeral znode until its session expires, and the next one with its id
 * would exit: "Error while creating ephemeral at /brokers/ids/N, node already exists" (KafkaZkClient). Where
 * ZooKeeper keeps data of an earlier run, such a znode may be there.
 */
function clearRegistrations(nodes: readonly NodeToStart[], observed: ObservedProject): Stage {
  if (observed.volumes.length === 0) return [];
  return nodes
    .filter(({ role, isPaused }) => role === 'broker' && !isPaused)
    .map(({ service, id }) => ({
      step: { kind: 'clear-registration', brokerId: id },
      cause: `${service} may have been killed before`,
    }));
}
