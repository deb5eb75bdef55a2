import type { Admin, Consumer, Kafka } from 'kafkajs';
import { unlessAborted } from '../system/abort.js';
import type { Topology } from '../topology/topology.js';
import { seeUntil, type CheckBody } from './report.js';

const helloWorld = 'hello, world';

/** How long metadata of a topic may take to reach every broker. */
const metadataPatienceMs = 5000;

/**
 * How long the coordinator of a new group may load the partition that keeps the group. kafkajs calls it a crash, and
 * joins again by itself.
 */
const coordinatorPatienceMs = 10_000;

/** A topic of this run: a partition led by each broker, on as many replicas as the cluster allows. */
export function topicCheck(admin: Admin, topic: string, topology: Topology): CheckBody {
  const ids = topology.brokers.map(({ id }) => id);
  const replicas = Math.min(3, ids.length);
  const replicaAssignment = ids.map((_, index) => ({
    partition: index,
    replicas: Array.from({ length: replicas }, (_, offset) => ids[(index + offset) % ids.length]!),
  }));
  const text = (partitions: number, inSync: number): string =>
    `${topic}: ${count(partitions, 'partition')}, ${count(inSync, 'replica')} in sync`;
  const expected = text(ids.length, ids.length * replicas);
  return {
    expected,
    async see() {
      await admin.createTopics({ topics: [{ topic, replicaAssignment }], waitForLeaders: true });
      return await seeUntil(expected, metadataPatienceMs, async () => {
        const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
        const partitions = metadata.topics[0]?.partitions ?? [];
        return text(
          partitions.length,
          partitions.reduce((sum, { isr }) => sum + isr.length, 0),
        );
      });
    },
  };
}

/** One listener of the cluster, as its clients use it. */
export interface ListenerRoute {
  /** `HOST` or `INTERNAL`. */
  listener: string;
  kafka: Kafka;
  topic: string;
  groupId: string;
  /** The number of partitions, each led by another broker. */
  partitions: number;
  signal: AbortSignal;
}

/** "hello, world" goes through the listener of every broker and comes back. */
export function recordsCheck(route: ListenerRoute): CheckBody {
  const text = (values: readonly string[]): string => {
    const hellos = values.filter((value) => value === helloWorld).length;
    return `"${helloWorld}" produced and consumed ${hellos} ${hellos === 1 ? 'time' : 'times'}`;
  };
  const expected = text(Array.from({ length: route.partitions }, () => helloWorld));
  return {
    expected,
    async see() {
      await produce(route);
      return text(await consume(route));
    },
  };
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

/** Consumes as a group what this listener's producer has sent, a record a partition, and commits it. */
async function consume(route: ListenerRoute): Promise<string[]> {
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
    return await unlessAborted(collect(consumer, route), signal);
  } finally {
    await consumer.disconnect();
  }
}

async function collect(
  consumer: Consumer,
  { topic, listener, partitions }: ListenerRoute,
): Promise<string[]> {
  const values: string[] = [];
  const next: { topic: string; partition: number; offset: string }[] = [];
  const deadline = performance.now() + coordinatorPatienceMs;
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart || performance.now() > deadline) reject(error);
    });
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          if (message.key?.toString() !== listener) return await Promise.resolve();
          values.push(message.value?.toString() ?? '');
          next.push({ topic, partition, offset: String(Number(message.offset) + 1) });
          if (values.length === partitions) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.commitOffsets(next);
  return values;
}

/** The groups of all listeners have committed an offset in every partition. */
export function groupCheck(
  admin: Admin,
  topic: string,
  groupIds: readonly string[],
  partitions: number,
): CheckBody {
  const text = (committed: number): string => `${count(committed, 'offset')} committed`;
  return {
    expected: text(groupIds.length * partitions),
    async see() {
      const perGroup = await Promise.all(
        groupIds.map(async (groupId) => await admin.fetchOffsets({ groupId, topics: [topic] })),
      );
      const offsets = perGroup.flat().flatMap((group) => group.partitions);
      return text(offsets.filter(({ offset }) => Number(offset) >= 0).length);
    },
  };
}

/** Groups and topic of this run are gone again. */
export function deletionCheck(admin: Admin, topic: string, groupIds: readonly string[]): CheckBody {
  const expected = `${topic} and its groups are gone`;
  return {
    expected,
    async see() {
      await admin.deleteGroups([...groupIds]);
      await admin.deleteTopics({ topics: [topic] });
      return await seeUntil(expected, metadataPatienceMs, async () => {
        const topics = await admin.listTopics();
        const { groups } = await admin.listGroups();
        const left = [...topics, ...groups.map(({ groupId }) => groupId)].filter((name) =>
          name.startsWith(topic),
        );
        return left.length === 0 ? expected : `still there: ${left.join(', ')}`;
      });
    },
  };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
