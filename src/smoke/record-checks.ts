import type { Admin, Consumer, Kafka, Producer } from 'kafkajs';
import { allEnded, unlessAborted } from '../system/abort.js';
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
  clients: ListenerClients;
  topic: string;
  groupId: string;
  /** The number of partitions, each led by another broker. */
  partitions: number;
  signal: AbortSignal;
}

/** The clients of one listener, that connect while other work is done. */
export interface ListenerClients {
  producer: Producer;
  consumer: Consumer;
  /** Rejects with what kafkajs throws. */
  connected: Promise<unknown>;
}

/** Clients that connect by themselves; to be closed. */
export function openClients(kafka: Kafka, groupId: string): ListenerClients {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    // Stopping waits for the fetch under way, which the broker may hold back this long.
    maxWaitTimeInMs: 10,
  });
  const connected = allEnded([producer.connect(), consumer.connect()]);
  // The check tells of it.
  connected.catch(() => undefined);
  return { producer, consumer, connected };
}

/** Closes the clients, once or again. They have to be connected for it, or to have given up. */
export async function closeClients({
  producer,
  consumer,
  connected,
}: ListenerClients): Promise<void> {
  await Promise.allSettled([connected]);
  await allEnded([producer.disconnect(), consumer.disconnect()]);
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
      try {
        await route.clients.connected;
        // The consumer joins its group while the records are on their way.
        const sent = produce(route);
        const [, next] = await allEnded([sent, consume(route, sent)]);
        return text((partition) => next.has(partition));
      } finally {
        await closeClients(route.clients);
      }
    },
  };
}

function withoutText(partitions: readonly number[]): string {
  return partitions.length === 0 ? '' : `, not in partition ${partitions.join(', ')}`;
}

async function produce({ clients, topic, listener, partitions }: ListenerRoute): Promise<void> {
  await clients.producer.send({
    topic,
    acks: -1,
    messages: Array.from({ length: partitions }, (_, partition) => ({
      partition,
      key: listener,
      value: helloWorld,
    })),
  });
}

/** The offset behind the record that was consumed, by partition. */
type NextOffsets = Map<number, string>;

/** Consumes as a group what this listener's producer has sent, a record a partition, and commits it. */
async function consume(route: ListenerRoute, sent: Promise<void>): Promise<NextOffsets> {
  const { topic, signal } = route;
  const { consumer } = route.clients;
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const next = await collect(route, sent);
  const offsets = [...next].map(([partition, offset]) => ({ topic, partition, offset }));
  await unlessAborted(consumer.commitOffsets(offsets), signal);
  return next;
}

/**
 * Resolves when there was a record in every partition, or with what there was when patience ends. Rejects when they
 * can't be sent.
 * The coordinator of a new group has to load the partition that keeps the group first. kafkajs calls that a crash, and
 * joins again by itself.
 */
async function collect(
  { clients: { consumer }, listener, partitions, signal }: ListenerRoute,
  sent: Promise<void>,
): Promise<NextOffsets> {
  const next: NextOffsets = new Map();
  let crash: Error | undefined;
  let timer: NodeJS.Timeout | undefined;
  let joining: Promise<void> | undefined;
  const all = new Promise<void>((resolve, reject) => {
    const giveUp = (): void => (crash ? reject(crash) : resolve());
    timer = setTimeout(giveUp, patienceMs);
    sent.catch(reject);
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      crash = error;
      if (!restart) reject(error);
    });
    joining = consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message: { key, value, offset } }) => {
        if (key?.toString() === listener && value?.toString() === helloWorld)
          next.set(partition, String(BigInt(offset) + 1n));
        if (next.size === partitions) resolve();
        return await Promise.resolve();
      },
    });
    joining.catch(reject);
  });
  // What comes when nobody waits any more is of no interest.
  all.catch(() => undefined);
  try {
    await unlessAborted(all, signal);
  } finally {
    clearTimeout(timer);
    // Disconnected while it joins, it would fail where nobody listens, and leave a member in its group.
    await Promise.allSettled([joining]);
  }
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
