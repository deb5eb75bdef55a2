// A client as people write it: a topic, "hello, world" sent with acks=all, and read by a group.
import { Kafka, logLevel } from 'kafkajs';

/** Tries until the topic is there; then everything is to work. */
export async function sayHello({ brokers, replicationFactor }, giveUpMs = 120_000) {
  const topic = `hello-${process.pid}`;
  const quiet = { brokers, logLevel: logLevel.NOTHING };
  const admin = new Kafka({ ...quiet, retry: { retries: 0 } }).admin();
  await eventually(giveUpMs, async () => {
    await admin.connect();
    const { brokers: there } = await admin.describeCluster();
    if (there.length < replicationFactor) throw new Error('brokers are missing');
    const topics = [{ topic, numPartitions: 1, replicationFactor }];
    await admin.createTopics({ topics, waitForLeaders: true });
  });
  const retry = { retries: 20, initialRetryTime: 50, maxRetryTime: 500 };
  const kafka = new Kafka({ ...quiet, retry });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [{ value: 'hello, world' }] });
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const value = await new Promise((resolve, reject) => {
    const eachMessage = async ({ message }) => resolve(message.value.toString());
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer.run({ eachMessage }).catch(reject);
  });
  if (value !== 'hello, world') throw new Error(`read ${value}`);
  await Promise.all([consumer.disconnect(), producer.disconnect(), admin.disconnect()]);
}

async function eventually(giveUpMs, attempt) {
  for (const giveUp = Date.now() + giveUpMs; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > giveUp) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
