import type { Step } from './plan.js';

/** What a step acts on, for people: `broker-1`, `network default`, `image zookeeper:3.9`. */
export function subjectOf(step: Step): string {
  // The table pairs each kind with its own step, which the type of a lookup by a union cannot say.
  const subject = subjects[step.kind] as (step: Step) => string;
  return subject(step);
}

type Subjects = { [Kind in Step['kind']]: (step: Extract<Step, { kind: Kind }>) => string };

const image = ({ image }: { image: string }): string => `image ${image}`;
const network = ({ network }: { network: string }): string => `network ${network}`;
const volume = ({ volume }: { volume: string }): string => `volume ${volume}`;
const node = ({ service }: { service: string }): string => service;
const brokers = ({ brokerIds }: { brokerIds: readonly number[] }): string =>
  brokerIds.map((id) => `broker-${id}`).join(', ');

const subjects: Subjects = {
  'fetch-image': image,
  'find-network': network,
  'create-network': network,
  'create-volume': volume,
  'create-node': node,
  'start-node': node,
  'stop-node': node,
  'kill-node': node,
  'pause-node': node,
  'remove-node': node,
  'remove-network': network,
  'remove-volume': volume,
  'grant-lease': () => 'the lease',
  'end-lease': () => 'the lease',
  'await-zookeepers': () => 'ZooKeeper',
  'check-data': ({ nodes }) => `data of ${nodes.map(node).join(', ')}`,
  'clear-registration': ({ brokerId }) => `/brokers/ids/${brokerId}`,
  'await-brokers': () => 'brokers',
  'await-registered': () => 'sessions of brokers',
  'apply-topics': ({ topics }) =>
    `${topics.length === 1 ? 'topic' : 'topics'} ${topics.map(({ name }) => name).join(', ')}`,
  'await-in-sync': () => 'replicas',
  'await-leaders': () => 'leaders of partitions',
  'check-replicas': () => 'replicas of topics',
  'keep-writable': ({ insync }) => `topics with fewer than ${insync} replicas`,
  'check-departure': (step) => `partitions of ${brokers(step)}`,
  'drain-brokers': brokers,
  'check-drained': brokers,
};
