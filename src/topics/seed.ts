import { stat } from 'node:fs/promises';
import type { Producer, Transaction } from 'kafkajs';
import { anyMetadata, requestTimeoutMs, withAdmin, type KafkaAccess } from '../clients/access.js';
import { causeTypes } from '../clients/failures.js';
import { kafkaClient } from '../clients/kafka.js';
import { describeTopicConfigs } from '../clients/topic-configs.js';
import { interrupted, KclusterError, messageOf } from '../errors.js';
import { pause } from '../system/abort.js';
import { hiddenOffsets, topicContent } from './content.js';
import { untilNothingLacks, type TopicsContext } from './context.js';
import { seedBatches, type SeedBatch } from './seed-batches.js';

/**
 * Fills a topic from a file, unless it holds a committed record already.
 *
 * The records are one transaction, so that they are all there or none is. Its id is the topic's: whoever begins it ends
 * one that another run, or one that was killed, has begun and not committed (Kafka fences the older producer), and only
 * then looks whether the topic holds a record. So of two runs at once one fills the topic, and the other waits for it.
 * What an unfinished transaction has left in the log is deleted first: a reader with `isolation.level=read_uncommitted`
 * would see it. From a topic that is only compacted Kafka deletes no records; there the cleaner does. A reader of what is
 * committed waits at a transaction that was killed, until the next run or Kafka's timeout of some minutes ends it.
 * @returns whether this run filled it
 * @throws KclusterError `invalidSpec` with the lines that Kafka does not take, `notReady` at the deadline,
 * `interrupted` on abort; nothing is committed then, unless the deadline passed between the commit and its taking effect
 */
export async function seedTopic(
  topic: string,
  file: string,
  context: TopicsContext,
): Promise<boolean> {
  const task = `seeding ${topic}`;
  try {
    return await attemptToFill({ topic, file, task }, context, 1);
  } finally {
    context.emit({ type: 'progress-done', task });
  }
}

const attempts = 4;
const attemptPauseMs = 500;

/** A transaction that takes longer is aborted by Kafka; no more than the default of `transaction.max.timeout.ms`. */
const transactionTimeoutMs = 300_000;

interface Seeding {
  topic: string;
  file: string;
  task: string;
}

async function attemptToFill(
  seeding: Seeding,
  context: TopicsContext,
  attempt: number,
): Promise<boolean> {
  const begin = performance.now();
  try {
    return await fill(seeding, context);
  } catch (error) {
    const isFenced = causeTypes(error).some((type) => fenced.has(type));
    if (isFenced && performance.now() - begin < transactionTimeoutMs)
      return await awaitOtherRun(seeding.topic, context);
    if (error instanceof KclusterError) throw error;
    if (isFenced || attempt === attempts) throw notFilled(seeding.topic, error);
  }
  await pause(attemptPauseMs, context.signal);
  return await attemptToFill(seeding, context, attempt + 1);
}

async function fill(seeding: Seeding, context: TopicsContext): Promise<boolean> {
  const producer = seedProducer(seeding.topic, context);
  try {
    await producer.connect();
    const transaction = await producer.transaction();
    const sent = await transact(transaction, seeding, context);
    if (!sent) return false;
    await untilNothingLacks('the records could not be read in time', context, () =>
      hiddenOffsets(context, seeding.topic, sent),
    );
    return true;
  } finally {
    await producer.disconnect();
  }
}

/**
 * kafkajs must not send anything twice by itself: when one broker of several fails, it begins again while the others'
 * requests are still under way, and a transaction would then hold their records twice. `seedTopic` begins anew.
 */
function seedProducer(topic: string, { bootstrap, dial }: KafkaAccess): Producer {
  return kafkaClient(bootstrap, dial, { requestTimeoutMs, retries: 20 }).producer({
    transactionalId: `kcluster-seed-${topic}`,
    transactionTimeout: transactionTimeoutMs,
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    retry: { retries: 0 },
  });
}

/** Sends everything and commits it. Resolves to the last offsets, or to undefined where the topic holds records. */
async function transact(
  transaction: Transaction,
  seeding: Seeding,
  context: TopicsContext,
): Promise<Map<number, bigint> | undefined> {
  try {
    if (await holdsRecords(seeding.topic, context)) {
      await transaction.abort();
      return undefined;
    }
    const offsets = await sendAll(transaction, seeding, context);
    await transaction.commit();
    return offsets;
  } catch (error) {
    // What can't be aborted now is by the next run, or by Kafka after its timeout.
    if (transaction.isActive()) await transaction.abort().catch(() => undefined);
    throw error;
  }
}

/** Whether the topic holds committed records; deletes what aborted transactions have left in one that does not. */
async function holdsRecords(topic: string, context: TopicsContext): Promise<boolean> {
  const { committed, aborted } = await topicContent(context, topic);
  if (committed || aborted.length === 0) return committed;
  const configuration = (await describeTopicConfigs(context, [topic])).get(topic);
  if (!configuration?.effective['cleanup.policy']?.includes('delete')) return false;
  await withAdmin(context, async (admin) => {
    // kafkajs finds the leaders in what it knows of the topic already.
    await admin.fetchTopicOffsets(topic);
    const partitions = aborted.map(({ partition, end }) => ({ partition, offset: String(end) }));
    await admin.deleteTopicRecords({ topic, partitions });
  });
  context.emit({
    type: 'notice',
    message: `what an unfinished seed had left in topic ${topic} is deleted`,
  });
  return false;
}

const mostBatchBytes = 500_000;

async function sendAll(
  transaction: Transaction,
  { topic, file, task }: Seeding,
  context: TopicsContext,
): Promise<Map<number, bigint>> {
  const { topics } = await anyMetadata(context);
  const configuration = (await describeTopicConfigs(context, [topic])).get(topic);
  const target = {
    file,
    topic,
    partitions: topics.find(({ name }) => name === topic)?.partitions.length ?? 1,
    // A batch of several records must never be what is too large.
    batchBytes: Math.min(
      mostBatchBytes,
      Number(configuration?.effective['max.message.bytes'] ?? Infinity) / 2,
    ),
  };
  const { size: total } = await stat(file);
  const offsets = new Map<number, bigint>();
  for await (const batch of seedBatches(target)) {
    // Between batches only: a transaction can't be aborted while kafkajs still sends.
    if (context.signal.aborted) throw interrupted();
    if (performance.now() > context.deadline)
      throw new KclusterError('notReady', `topic ${topic} was not filled in time`);
    for (const [partition, offset] of await send(transaction, topic, batch))
      offsets.set(partition, offset);
    context.emit({ type: 'progress', task, current: batch.end, total });
  }
  return offsets;
}

/** Resolves to the offset of a record in each partition that got one. */
async function send(
  transaction: Transaction,
  topic: string,
  { messages, where }: SeedBatch,
): Promise<[partition: number, offset: bigint][]> {
  try {
    const sent = await transaction.send({ topic, messages });
    return sent.map(({ partition, baseOffset }) => [partition, BigInt(baseOffset ?? 0)]);
  } catch (error) {
    if (!causeTypes(error).some((type) => refusals.has(type))) throw error;
    throw new KclusterError('invalidSpec', `topic ${topic} does not take its seed`, {
      details: [`${where}: ${messageOf(error)}`],
      cause: error,
    });
  }
}

/** Kafka does not take the record, now or later. */
const refusals = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TIMESTAMP',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
]);

/** Kafka has fenced this producer: another has begun the transaction anew. */
const fenced = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
]);

function notFilled(topic: string, cause: unknown): KclusterError {
  const message = `topic ${topic} could not be filled: ${messageOf(cause)}`;
  return new KclusterError('notReady', message, { cause });
}

async function awaitOtherRun(topic: string, context: TopicsContext): Promise<false> {
  const lack = `another run is filling topic ${topic}`;
  await untilNothingLacks(`${lack}, and has not finished in time`, context, async () => {
    if ((await topicContent(context, topic)).committed) return [];
    context.emit({ type: 'waiting', for: lack });
    return [lack];
  });
  return false;
}
