import { setTimeout as sleep } from 'node:timers/promises';
import { anyMetadata, requestTimeoutMs, withAdmin, type KafkaAccess } from '../clients/access.js';
import { scanBatches } from '../clients/protocol/batches.js';
import { fetchRequest, type Fetched } from '../clients/protocol/fetch.js';
import type { Metadata } from '../clients/protocol/metadata.js';
import { ask, ErrorCode, wordsOf } from '../clients/protocol/request.js';
import { KclusterError } from '../errors.js';
import { nameOf } from './moves.js';

/** What the log of a topic holds, transactions that are still open left out. */
export interface TopicContent {
  /** Whether any record is committed; one that belongs to no transaction is. */
  committed: boolean;
  /** When none is: partitions with records of transactions that were aborted, and the offset that follows the last. */
  aborted: { partition: number; end: bigint }[];
}

/**
 * Finds out what a topic holds. Stops at the first committed record, so that a topic in use is known at once.
 * @throws KclusterError `notReady` when a partition has no leader, or one that does not answer
 */
export async function topicContent(access: KafkaAccess, topic: string): Promise<TopicContent> {
  return await whileItHolds(async () => {
    const metadata = await anyMetadata(access);
    const offsets = await withAdmin(access, async (admin) => await admin.fetchTopicOffsets(topic));
    const aborted: TopicContent['aborted'] = [];
    for (const { partition, low, high } of offsets) {
      if (low === high) continue;
      const from = { topic, partition, offset: BigInt(low) };
      const { committed, end } = await scan(access, metadata, from);
      if (committed) return { committed, aborted: [] };
      if (end > from.offset) aborted.push({ partition, end });
    }
    return { committed: false, aborted };
  });
}

/** What a transaction still hides from those who read what is committed, of these offsets by partition; a phrase each. */
export async function hiddenOffsets(
  access: KafkaAccess,
  topic: string,
  offsets: ReadonlyMap<number, bigint>,
): Promise<string[]> {
  return await whileItHolds(async () => {
    const metadata = await anyMetadata(access);
    const phrases = await Promise.all(
      [...offsets].map(async ([partition, offset]) => {
        const { lastStableOffset } = await fetchFrom(access, metadata, {
          topic,
          partition,
          offset,
        });
        const lack = `a transaction still hides offset ${offset} of ${nameOf({ topic, partition })}`;
        return lastStableOffset > offset ? [] : [lack];
      }),
    );
    return phrases.flat();
  });
}

/** The broker does not lead the partition, or the partition begins elsewhere, any more. */
class Outdated extends KclusterError {}

const attempts = 30;
const pauseMs = 100;

/** Begins again while leaders change, or another run deletes records. */
async function whileItHolds<T>(body: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof Outdated) || attempt === attempts) throw error;
      await sleep(pauseMs);
    }
  }
}

interface LogPosition {
  topic: string;
  partition: number;
  offset: bigint;
}

async function scan(
  access: KafkaAccess,
  metadata: Metadata,
  from: LogPosition,
): Promise<{ committed: boolean; end: bigint }> {
  for (let { offset } = from; ;) {
    const fetched = await fetchFrom(access, metadata, { ...from, offset });
    const { committed, next } = scanBatches(fetched, offset);
    if (committed || next === offset || next >= fetched.lastStableOffset)
      return { committed, end: next };
    offset = next;
  }
}

const outdated: readonly number[] = [
  ErrorCode.offsetOutOfRange,
  ErrorCode.unknownTopicOrPartition,
  ErrorCode.notLeader,
];

async function fetchFrom(
  { dial }: KafkaAccess,
  { brokers, topics }: Metadata,
  { topic, partition, offset }: LogPosition,
): Promise<Fetched> {
  const name = nameOf({ topic, partition });
  const leader = topics
    .find((each) => each.name === topic)
    ?.partitions.find((each) => each.partition === partition)?.leader;
  const broker = brokers.find(({ id }) => id === leader);
  if (!broker) throw new Outdated('notReady', `${name} has no leader`);
  const request = fetchRequest(topic, partition, offset);
  const fetched = await ask(broker.address, dial, requestTimeoutMs, request);
  if (fetched.code === ErrorCode.none) return fetched;
  const message = `${name}: ${wordsOf({ ...fetched, message: null })}`;
  if (outdated.includes(fetched.code)) throw new Outdated('notReady', message);
  throw new KclusterError('notReady', message);
}
