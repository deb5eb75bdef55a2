import {
  anyMetadata,
  askController,
  brokerTimeoutMs,
  type KafkaAccess,
} from '../clients/access.js';
import type { BrokerMetadata, TopicMetadata } from '../clients/protocol/metadata.js';
import { listReassignmentsRequest } from '../clients/protocol/reassignments.js';
import { describeTopicConfigs } from '../clients/topic-configs.js';
import { topicContent } from './content.js';
import { firstFew, untilNothingLacks, type TopicsContext } from './context.js';
import type { DeclaredTopic } from './declared.js';
import { nameOf } from './moves.js';
import type { PartitionReplicas } from './placement.js';

/** A declared topic that is there. */
export interface TopicThere {
  /** By number. */
  partitions: PartitionReplicas[];
  /** What is set on the topic itself, as Kafka writes it. */
  config: Record<string, string>;
  /** Whether it holds a committed record; asked only where a seed is declared. */
  hasRecords: boolean;
}

/** What is there, as far as declared topics need to know. */
export interface TopicsState {
  hosts: BrokerMetadata[];
  /** Every partition of the cluster with the replicas that it has, or is on its way to have. */
  partitions: PartitionReplicas[];
  /** The declared topics that are there, by name. */
  topics: Map<string, TopicThere>;
}

/**
 * Reads what is there of the declared topics; changes nothing.
 * @throws KclusterError `notReady` when brokers do not answer, or partitions to look into have no leader in time
 */
export async function readState(
  context: TopicsContext,
  declared: readonly DeclaredTopic[],
): Promise<TopicsState> {
  await awaitLeaders(context, declared);
  const { hosts, partitions } = await readPartitions(context);
  const names = new Set(partitions.map(({ topic }) => topic));
  const there = declared.filter(({ name }) => names.has(name));
  const configs = await describeTopicConfigs(
    context,
    there.map(({ name }) => name),
  );
  const entries = await Promise.all(
    there.map(async ({ name, seed }): Promise<[string, TopicThere]> => [
      name,
      {
        partitions: partitions
          .filter(({ topic }) => topic === name)
          .sort((a, b) => a.partition - b.partition),
        config: configs.get(name)?.own ?? {},
        hasRecords: seed !== undefined && (await topicContent(context, name)).committed,
      },
    ]),
  );
  return { hosts, partitions, topics: new Map(entries) };
}

/**
 * Every broker, and every partition with the replicas that it has, or is on its way to have.
 * @throws KclusterError `notReady` when brokers do not answer
 */
export async function readPartitions(
  access: KafkaAccess,
): Promise<Pick<TopicsState, 'hosts' | 'partitions'>> {
  const goals = await readGoals(access);
  const { brokers: hosts, topics } = await anyMetadata(access);
  const partitions = topics.flatMap(({ name: topic, partitions: each }) =>
    each.map(({ partition, replicas }) => ({
      topic,
      partition,
      replicas: goals.get(nameOf({ topic, partition })) ?? replicas,
    })),
  );
  return { hosts, partitions };
}

/** A topic that may get a seed has to have leaders, who know what is in it. */
async function awaitLeaders(
  context: TopicsContext,
  declared: readonly DeclaredTopic[],
): Promise<void> {
  const seeded = new Set(declared.filter(({ seed }) => seed !== undefined).map(({ name }) => name));
  await untilNothingLacks('not every partition had a leader in time', context, async () => {
    const { topics } = await anyMetadata(context);
    return firstFew(topics.filter(({ name }) => seeded.has(name)).flatMap(leadersLack));
  });
}

function leadersLack({ name: topic, partitions }: TopicMetadata): string[] {
  return partitions
    .filter(({ leader }) => leader === undefined)
    .map(({ partition }) => `${nameOf({ topic, partition })} has no leader`);
}

/** Where partitions that are being moved are to end, by `TOPIC-PARTITION`. */
async function readGoals(access: KafkaAccess): Promise<Map<string, number[]>> {
  const [verdict] = await askController(access, listReassignmentsRequest(brokerTimeoutMs));
  return new Map(
    verdict!.moves.map(({ replicas, removing, ...partition }) => [
      nameOf(partition),
      replicas.filter((id) => !removing.includes(id)),
    ]),
  );
}
