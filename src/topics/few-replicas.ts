import { anyMetadata, askController } from '../clients/access.js';
import type { TopicMetadata } from '../clients/protocol/metadata.js';
import { ErrorCode, wordsOf } from '../clients/protocol/request.js';
import { setConfigsRequest } from '../clients/protocol/set-configs.js';
import { describeTopicConfigs } from '../clients/topic-configs.js';
import { KclusterError } from '../errors.js';
import { firstFew, type TopicsContext } from './context.js';

/** Warns of topics of which one of these brokers alone has a partition. */
export async function tellSingleReplicas(
  brokerIds: readonly number[],
  context: TopicsContext,
): Promise<void> {
  const { topics } = await anyMetadata(context);
  const singles = topics
    .filter(({ partitions }) =>
      partitions.some(
        ({ replicas }) => replicas.length === 1 && replicas.every((id) => brokerIds.includes(id)),
      ),
    )
    .map(({ name }) => name)
    .sort();
  if (singles.length === 0) return;
  const what =
    singles.length === 1
      ? `topic ${singles[0]} has one replica, and is`
      : `topics have one replica, and are`;
  const names = singles.length === 1 ? '' : `: ${firstFew(singles).join(', ')}`;
  const message = `${what} out of reach while its broker is away${names}`;
  context.emit({ type: 'warning', message });
}

const setting = 'min.insync.replicas';

/**
 * Gives every topic with fewer replicas than that, and no `min.insync.replicas` of its own, one that it can meet. Kafka
 * before 3.7 refuses records with acks=all where the brokers ask for more replicas in sync than there are at all; with
 * them stop the offsets of every group.
 * @see Kafka 3.7's Partition.effectiveMinIsr
 * @throws KclusterError `notReady` when the brokers do not answer
 */
export async function keepWritable(insync: number, context: TopicsContext): Promise<void> {
  const { topics } = await anyMetadata(context);
  const few = topics.filter((topic) => replicasOf(topic) < insync);
  const configs = await describeTopicConfigs(
    context,
    few.map(({ name }) => name),
  );
  const pinned = few
    .filter(({ name }) => configs.get(name)?.own[setting] === undefined)
    .map((topic) => ({ topic: topic.name, config: { [setting]: String(replicasOf(topic)) } }));
  if (pinned.length === 0) return;
  const verdicts = await askController(context, setConfigsRequest(pinned));
  const refused = verdicts.filter(
    ({ code }) => code !== ErrorCode.none && code !== ErrorCode.unknownTopicOrPartition,
  );
  if (refused.length > 0)
    throw new KclusterError('notReady', `Kafka does not set ${setting}`, {
      details: firstFew(refused.map((each) => `topic ${each.topic}: ${wordsOf(each)}`)),
    });
  const names = firstFew(pinned.map(({ topic }) => topic)).join(', ');
  const message = `topics with fewer than ${insync} replicas keep a ${setting} of their own: ${names}`;
  context.emit({ type: 'notice', message });
}

function replicasOf({ partitions }: TopicMetadata): number {
  return Math.min(...partitions.map(({ replicas }) => replicas.length));
}
