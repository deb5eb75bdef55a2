import { metadataOf, type KafkaAccess } from '../clients/access.js';
import type { Metadata, PartitionMetadata } from '../clients/protocol/metadata.js';
import { formatAddress } from '../topology/address.js';
import { firstFew, untilNothingLacks, type TopicsContext } from './context.js';

/** How many partitions a topic has to have at least, by the topic's name. */
export type PartitionCounts = ReadonlyMap<string, number>;

/**
 * Waits until every partition has a leader and all its replicas in sync, as every broker at `bootstrap` says itself.
 * @param wanted only these topics, with so many partitions or more; every topic when it is left out, Kafka's own too
 * @param without ids of brokers whose replicas do not count
 * @throws KclusterError `notReady` at the deadline, `interrupted` when the signal aborts
 */
export async function awaitFullIsr(
  context: TopicsContext,
  wanted?: PartitionCounts,
  without: readonly number[] = [],
): Promise<void> {
  await untilNothingLacks('not every partition was in sync in time', context, async () => {
    const lacks = isrLacks(await askEveryBroker(context), wanted, without);
    if (lacks.length > 0) context.emit({ type: 'waiting', for: lacks.join('; ') });
    return lacks;
  });
}

/** Every broker's own metadata, by its address; undefined for one that does not answer. */
export async function askEveryBroker({
  bootstrap,
  dial,
}: KafkaAccess): Promise<Map<string, Metadata | undefined>> {
  return new Map(
    await Promise.all(
      bootstrap.map(
        async (address) => [formatAddress(address), await metadataOf(address, dial)] as const,
      ),
    ),
  );
}

/**
 * What the partitions lack, a phrase each, the first few of many; empty when nothing is. What one broker lists every
 * other has to list too. Pure.
 * @param views every broker's own metadata by its address; undefined for one that does not answer
 */
export function isrLacks(
  views: ReadonlyMap<string, Metadata | undefined>,
  wanted?: PartitionCounts,
  without: readonly number[] = [],
): string[] {
  const silent = [...views].filter(([, view]) => !view).map(([address]) => address);
  if (silent.length > 0) return silent.map((address) => `${address} does not answer yet`);
  const counts = partitionCounts(views, wanted);
  const phrases = [...views].flatMap(([address, view]) =>
    [...counts].flatMap(([topic, count]) => lacksOf(address, view!, topic, count, without)),
  );
  // Brokers that say the same say it once.
  return firstFew([...new Set(phrases)]);
}

function partitionCounts(
  views: ReadonlyMap<string, Metadata | undefined>,
  wanted: PartitionCounts | undefined,
): PartitionCounts {
  const counts = new Map(wanted);
  for (const view of views.values())
    for (const { name, partitions } of view?.topics ?? [])
      if (!wanted || wanted.has(name))
        counts.set(name, Math.max(partitions.length, counts.get(name) ?? 0));
  return counts;
}

function lacksOf(
  address: string,
  view: Metadata,
  topic: string,
  count: number,
  without: readonly number[],
): string[] {
  const partitions = view.topics.find(({ name }) => name === topic)?.partitions ?? [];
  return [
    ...(partitions.length < count ? [`${address} does not list all of topic ${topic} yet`] : []),
    ...partitions.flatMap((partition) => partitionLacks(topic, partition, without)),
  ];
}

function partitionLacks(
  topic: string,
  { partition, leader, replicas, isr }: PartitionMetadata,
  without: readonly number[],
): string[] {
  const name = `${topic}-${partition}`;
  // What only they have can't get into sync anywhere.
  if (isr.length > 0 && isr.every((id) => without.includes(id))) return [];
  if (leader === undefined) return [`${name} has no leader`];
  const behind = replicas
    .filter((id) => !isr.includes(id) && !without.includes(id))
    .sort((a, b) => a - b);
  return behind.length === 0 ? [] : [`${name} is not in sync on broker ${behind.join(', ')}`];
}
