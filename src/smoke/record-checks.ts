import type { Admin, Consumer, Kafka } from 'kafkajs';
import { unlessAborted } from '../system/abort.js';
import { answerOf, patienceMs, type CheckBody } from './report.js';
import type { TopicRun } from './topic-checks.js';
import { count } from './words.js';

const helloWorld = 'hello, world';

/** One listener of the cluster, as its clients use it. */
export interface ListenerRoute {
  /** `HOST`, `INTERNAL`, ...: its name, and the key of its records. */
  listener: string;
  /** How it connects, in words, where there is a choice. */
  how?: string;
  kafka: Kafka;
  topic: string;
  groupId: string;
  /** The number of partitions, each led by another broker. */
  partitions: number;
  signal: AbortSignal;
}

/**
 * "hello, world" goes through the listener of every broker and comes back: at least once, as a producer promises it
 * that sends again what was not acknowledged.
 */
export function recordsCheck(route: ListenerRoute): CheckBody {
  const partitions = Array.from({ length: route.partitions }, (_, partition) => partition);
  const text = (seen: (partition: number) => boolean): string => {
    const times = count(partitions.filter(seen).length, 'time');
    const lacking = partitions.filter((partition) => !seen(partition));
    const way = route.how === undefined ? '' : ` (${route.how})`;
    return `"${helloWorld}" produced and consumed ${times}${withoutText(lacking)}${way}`;
  };
  const expected = text(() => true);
  return {
    expected,
    async see() {
      await produce(route);
      const next = await consume(route);
      return text((partition) => next.has(partition));
    },
  };
}

function withoutText(partitions: readonly number[]): string {
  return partitions.length === 0 ? '' : `, not in partition ${partitions.join(', ')}`;
}

async function produce({ kafka, topic, listener, partitions }: ListenerRoute): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await producer.send({
      topic,
      acks: -1,
      messages: Array.from({ length: partitions }, (_, partition) => ({
        partition,
        key: listener,
        value: helloWorld,
      })),
    });
  } finally {
    await producer.disconnect();
  }
}

/** The offset behind the record that was consumed, by partition. */
type NextOffsets = Map<number, string>;

/** Consumes as a group what this listener's producer has sent, a record a partition, and commits it. */
async function consume(route: ListenerRoute): Promise<NextOffsets> {
  const { kafka, topic, groupId, signal } = route;
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    // Stopping waits for the fetch under way, which the broker may hold back this long.
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const next = await unlessAborted(collect(consumer, route), signal);
    const offsets = [...next].map(([partition, offset]) => ({ topic, partition, offset }));
    await unlessAborted(consumer.commitOffsets(offsets), signal);
    return next;
  } finally {
    await consumer.disconnect();
  }
}

/**
 * Resolves when there was a record in every partition, or with what there was when patience ends.
 * The coordinator of a new group has to load the partition that keeps the group first. kafkajs calls that a crash, and
 * joins again by itself.
 */
async function collect(
  consumer: Consumer,
  { listener, partitions }: ListenerRoute,
): Promise<NextOffsets> {
  const next: NextOffsets = new Map();
  let crash: Error | undefined;
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    const giveUp = (): void => (crash ? reject(crash) : resolve());
    timer = setTimeout(giveUp, patienceMs);
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      crash = error;
      if (!restart) reject(error);
    });
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message: { key, value, offset } }) => {
          if (key?.toString() === listener && value?.toString() === helloWorld)
            next.set(partition, String(BigInt(offset) + 1n));
          if (next.size === partitions) resolve();
          return await Promise.resolve();
        },
      })
      .catch(reject);
  }).finally(() => clearTimeout(timer));
  return next;
}

/** The groups of all listeners have committed an offset in every partition. */
export function groupCheck(
  { admin, topic, signal }: TopicRun,
  groupIds: readonly string[],
  partitions: number,
): CheckBody {
  const text = (committed: number): string => `${count(committed, 'offset')} committed`;
  return {
    expected: text(groupIds.length * partitions),
    async see() {
      const ask = async (groupId: string): ReturnType<Admin['fetchOffsets']> =>
        await answerOf(signal, () => admin.fetchOffsets({ groupId, topics: [topic] }));
      const perGroup = await Promise.all(groupIds.map(ask));
      const offsets = perGroup.flat().flatMap((group) => group.partitions);
      return text(offsets.filter(({ offset }) => Number(offset) >= 0).length);
    },
  };
}
