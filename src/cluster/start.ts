import { Label } from '../compose/labels.js';
import type { ObservedProject } from './observed.js';
import { joinedNetworks } from '../topology/recover.js';
import type { Plan, Stage } from './plan.js';

export interface NodeToStart {
  service: string;
  role: string | undefined;
  id: number;
  /** A paused node goes on; its session with ZooKeeper may be alive. */
  isPaused: boolean;
  cause: string;
}

/** Starts every node of the project that does not run. Pure. */
export function startPlan(observed: ObservedProject): Plan {
  const idle = observed.nodes
    .filter((node) => node.state !== 'running')
    .map(({ service, state, labels }) => ({
      service,
      role: labels[Label.role],
      id: Number(labels[Label.id]),
      isPaused: state === 'paused',
      cause: `${service} is ${state}`,
    }));
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

/** ZooKeepers, a wait until they serve, brokers, a wait until they are ready. Pure. */
export function startStages(nodes: readonly NodeToStart[], observed: ObservedProject): Stage[] {
  const start = (role: string): Stage =>
    nodes
      .filter((node) => node.role === role)
      .map(({ service, cause }) => ({ step: { kind: 'start-node', service }, cause }));
  return [
    start('zookeeper'),
    [
      {
        step: { kind: 'await-zookeepers' },
        cause: 'brokers register with an ensemble that serves',
      },
    ],
    clearRegistrations(nodes, observed),
    start('broker'),
    [
      {
        step: { kind: 'await-brokers' },
        cause: 'the cluster is up when every broker lists every broker',
      },
    ],
  ];
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
