import { Kafka, logLevel } from 'kafkajs';

/** Writes values to a topic, which is made if it is not there; resolves when all replicas in sync have them. */
export async function writeRecords(
  bootstrap: string,
  topic: string,
  values: readonly string[],
): Promise<void> {
  const producer = client(bootstrap).producer();
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
  await producer.disconnect();
}

/** Every value of a topic, read by a fresh group until the end of each partition. */
export async function recordsOf(bootstrap: string, topic: string): Promise<string[]> {
  const kafka = client(bootstrap);
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const expected = ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  const consumer = kafka.consumer({ groupId: `read-${Date.now()}`, maxWaitTimeInMs: 100 });
  const values: string[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    if (expected === 0) resolve();
    consumer
      .run({
        eachMessage: async ({ message }) => {
          values.push(String(message.value));
          if (values.length === expected) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return values;
}

/** The names of all topics that are there; asking makes none. */
export async function topicsOf(bootstrap: string): Promise<string[]> {
  const admin = client(bootstrap).admin();
  await admin.connect();
  const topics = await admin.listTopics();
  await admin.disconnect();
  return topics;
}

function client(bootstrap: string): Kafka {
  return new Kafka({
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    clientId: 'test',
  });
}
