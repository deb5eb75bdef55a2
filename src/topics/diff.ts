import type { DeclaredTopic } from './declared.js';
import { afterMoves, nameOf, replicationMoves, type Move } from './moves.js';
import type { TopicsState, TopicThere } from './state.js';
import type { Validated } from './validate.js';

/** What brings a topic to what is declared. */
export type TopicChange =
  | {
      kind: 'create-topic';
      topic: string;
      partitions: number | undefined;
      replication: number | undefined;
      config: Record<string, string>;
    }
  | { kind: 'change-replication'; topic: string; replication: number; moves: Move[] }
  | { kind: 'add-partitions'; topic: string; from: number; to: number }
  | { kind: 'set-config'; topic: string; key: string; value: string }
  /** Fills a topic without records from the file. */
  | { kind: 'seed'; topic: string; file: string };

export type PlannedChange = TopicChange & { cause: string };

/** What has been done once the change is made, as a phrase. */
export function changeWords(change: TopicChange): string {
  switch (change.kind) {
    case 'create-topic':
      return `topic ${change.topic} created${shapeWords(change)}`;
    case 'set-config':
      return `topic ${change.topic} has ${change.key}="${change.value}"`;
    case 'change-replication':
      return `topic ${change.topic} has ${count(change.replication, 'replica')}`;
    case 'add-partitions':
      return `topic ${change.topic} has ${count(change.to, 'partition')}`;
    case 'seed':
      return `topic ${change.topic} filled from ${change.file}`;
  }
}

function shapeWords({
  partitions,
  replication,
}: Extract<TopicChange, { kind: 'create-topic' }>): string {
  if (partitions === undefined || replication === undefined) return '';
  return `: ${count(partitions, 'partition')}, ${count(replication, 'replica')} each`;
}

export interface TopicPlan {
  /** In the order in which they are made. */
  changes: PlannedChange[];
  /** What differs and is left as it is, a sentence each. */
  notices: string[];
}

/** Why a declaration can't be brought about, a phrase each. */
export interface Refusals {
  /** The brokers would not have it. */
  invalid: string[];
  /** It would lose data. */
  losing: string[];
}

/**
 * Compares what is declared with what is there.
 *
 * - Partitions can be added, never taken away: Kafka can't, and their records would be lost.
 * - A config key that is declared is set where its value differs, as Kafka writes it. A key that is set on the topic and
 *   not declared is left as it is, with a notice: it may have been set by hand, or by a tool for as long as it works,
 *   such as a throttle; a declaration that was taken away looks the same.
 * - A seed fills a topic while it holds no record. A topic that has been emptied, by retention or by a deletion of its
 *   records, is filled again.
 *
 * Pure.
 * @param validated what the brokers say of each declaration, by its topic's name
 */
export function diffTopics(
  declared: readonly DeclaredTopic[],
  state: TopicsState,
  validated: ReadonlyMap<string, Validated>,
): { plan: TopicPlan; refusals: Refusals } {
  const plan: TopicPlan = { changes: [], notices: [] };
  const refusals: Refusals = { invalid: [], losing: [] };
  let cluster: ClusterPartitions = state;
  for (const topic of declared) {
    const { problems, config } = validated.get(topic.name)!;
    const there = state.topics.get(topic.name);
    refusals.invalid.push(...problems.map((problem) => `topic ${topic.name}: ${problem}`));
    if (there) refusals.losing.push(...fewerPartitions(topic, there));
    if (problems.length > 0) continue;
    if (!there) {
      plan.changes.push(...creation(topic));
      continue;
    }
    const moves = movesOf(topic, there, cluster);
    cluster = { ...cluster, partitions: afterMoves(cluster.partitions, moves) };
    plan.changes.push(...changesOf(topic, there, config, moves));
    plan.notices.push(...undeclaredConfig(topic, there));
  }
  plan.changes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return { plan, refusals };
}

type ClusterPartitions = Pick<TopicsState, 'hosts' | 'partitions'>;

/** New partitions get as many replicas as the first one has, and a seed wants everything else in place. */
const order: readonly TopicChange['kind'][] = [
  'create-topic',
  'set-config',
  'change-replication',
  'add-partitions',
  'seed',
];

function creation({ name, partitions, replication, config, seed }: DeclaredTopic): PlannedChange[] {
  const cause = `topic ${name} is not there`;
  return [
    { kind: 'create-topic', topic: name, partitions, replication, config, cause },
    ...(seed === undefined ? [] : [seeding(name, seed)]),
  ];
}

function changesOf(
  topic: DeclaredTopic,
  there: TopicThere,
  config: Readonly<Record<string, string>>,
  moves: Move[],
): PlannedChange[] {
  const { name, seed } = topic;
  return [
    ...configChanges(name, there, config),
    ...replicationChange(topic, moves),
    ...partitionChange(topic, there),
    ...(seed === undefined || there.hasRecords ? [] : [seeding(name, seed)]),
  ];
}

function seeding(topic: string, file: string): PlannedChange {
  return { kind: 'seed', topic, file, cause: `topic ${topic} holds no record` };
}

function configChanges(
  topic: string,
  there: TopicThere,
  declared: Readonly<Record<string, string>>,
): PlannedChange[] {
  return Object.entries(declared)
    .filter(([key, value]) => there.config[key] !== value)
    .map(([key, value]) => {
      const now = there.config[key];
      const cause = `${key} of topic ${topic} is ${now === undefined ? 'not set' : `"${now}"`}, "${value}" is declared`;
      return { kind: 'set-config', topic, key, value, cause };
    });
}

function movesOf(
  { replication }: DeclaredTopic,
  { partitions }: TopicThere,
  cluster: ClusterPartitions,
): Move[] {
  if (replication === undefined) return [];
  return replicationMoves(partitions, replication, cluster.partitions, cluster.hosts);
}

function replicationChange(
  { name: topic, replication }: DeclaredTopic,
  moves: Move[],
): PlannedChange[] {
  const [first] = moves;
  if (!first || replication === undefined) return [];
  const cause = `${nameOf(first)} has ${count(first.from.length, 'replica')}, ${replication} declared`;
  return [{ kind: 'change-replication', topic, replication, moves, cause }];
}

function partitionChange(
  { name: topic, partitions: declared }: DeclaredTopic,
  { partitions: { length: now } }: TopicThere,
): PlannedChange[] {
  if (declared === undefined || declared <= now) return [];
  const cause = `topic ${topic} has ${count(now, 'partition')}, ${declared} declared`;
  return [{ kind: 'add-partitions', topic, from: now, to: declared, cause }];
}

function fewerPartitions(
  { name, partitions: declared }: DeclaredTopic,
  { partitions: { length: now } }: TopicThere,
): string[] {
  if (declared === undefined || declared >= now) return [];
  return [
    `topic ${name} has ${count(now, 'partition')}, and Kafka can't take any away; ${declared} declared`,
  ];
}

function undeclaredConfig({ name, config: declared }: DeclaredTopic, there: TopicThere): string[] {
  return Object.entries(there.config)
    .filter(([key]) => !(key in declared))
    .map(
      ([key, value]) =>
        `topic ${name} has ${key}="${value}", which is not declared; it is left as it is`,
    );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
