import {
  anyMetadata,
  askController,
  brokerTimeoutMs,
  type KafkaAccess,
} from '../clients/access.js';
import type { BrokerMetadata, Metadata, TopicMetadata } from '../clients/protocol/metadata.js';
import { listReassignmentsRequest } from '../clients/protocol/reassignments.js';
import { describeTopicConfigs } from '../clients/topic-configs.js';
import { topicContent } from './content.js';
import { untilNothingLacks, type TopicsContext } from './context.js';
import type { DeclaredTopic } from './declared.js';
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
  const { brokers: hosts, topics } = await metadataWithLeaders(context, declared);
  const goals = await readGoals(context);
  const partitions = topics.flatMap(({ name: topic, partitions: each }) =>
    each.map(({ partition, replicas }) => ({
      topic,
      partition,
      replicas: goals.get(`${topic}-${partition}`) ?? replicas,
    })),
  );
  const there = declared.filter(({ name }) => topics.some((topic) => topic.name === name));
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

/** Metadata once every partition of a topic that may get a seed has a leader, who knows what is in it. */
async function metadataWithLeaders(
  context: TopicsContext,
  declared: readonly DeclaredTopic[],
): Promise<Metadata> {
  const seeded = new Set(declared.filter(({ seed }) => seed !== undefined).map(({ name }) => name));
  let metadata!: Metadata;
  await untilNothingLacks('not every partition had a leader in time', context, async () => {
    metadata = await anyMetadata(context);
    return metadata.topics.filter(({ name }) => seeded.has(name)).flatMap(leadersLack);
  });
  return metadata;
}

function leadersLack({ name, partitions }: TopicMetadata): string[] {
  return partitions
    .filter(({ leader }) => leader === undefined)
    .map(({ partition }) => `${name}-${partition} has no leader`);
}

/** Where partitions that are being moved are to end, by `TOPIC-PARTITION`. */
async function readGoals(access: KafkaAccess): Promise<Map<string, number[]>> {
  const [verdict] = await askController(access, listReassignmentsRequest(brokerTimeoutMs));
  return new Map(
    verdict!.moves.map(({ topic, partition, replicas, removing }) => [
      `${topic}-${partition}`,
      replicas.filter((id) => !removing.includes(id)),
    ]),
  );
}
