import { connect } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { expect } from 'vitest';
import type { KafkaAccess } from '../../src/clients/access.js';
import type { Event } from '../../src/report/events.js';
import type { TopicsContext } from '../../src/topics/context.js';
import { parseAddress } from '../../src/topology/address.js';
import { makeCli, type Cli } from './cli.js';
import { projectName } from './engines.js';

/** A real cluster of local processes: one ZooKeeper, and brokers with ids from 1 on. */
export interface KafkaCluster extends AsyncDisposable {
  cli: Cli;
  name: string;
  /** Of every broker, in the order of their ids. */
  access: KafkaAccess;
  kafka: Kafka;
  /** Ends a broker's process with a signal; resolves once it has ended. */
  kill(brokerId: number, signal: NodeJS.Signals): Promise<void>;
}

interface Status {
  nodes: { service: string; handle: string; state: string }[];
}

export async function startKafka(hint: string, brokers: number): Promise<KafkaCluster> {
  const cli = await makeCli('process');
  const name = projectName(hint);
  const flags = ['--name', name, '--brokers', String(brokers), '--ports', 'auto'];
  const up = await cli.json<{ bootstrapServers: string }>(['up', ...flags]);
  if (up.exitCode !== 0) throw new Error(`no cluster: ${JSON.stringify(up)}`);
  const servers = up.data.bootstrapServers.split(',');
  const access = { bootstrap: servers.map(parseAddress), dial: connect };
  return {
    cli,
    name,
    access,
    kafka: new Kafka({ brokers: servers, logLevel: logLevel.NOTHING, clientId: 'test' }),
    async kill(brokerId, signal) {
      const broker = async (): Promise<Status['nodes'][number]> => {
        const { data } = await cli.json<Status>(['status', '--name', name]);
        return data.nodes.find(({ service }) => service === `broker-${brokerId}`)!;
      };
      process.kill(Number((await broker()).handle.split(' ')[1]), signal);
      await expect.poll(async () => (await broker()).state, { timeout: 30_000 }).toBe('exited');
    },
    async [Symbol.asyncDispose]() {
      await cli.run(['down', '--volumes', '--name', name]);
      await cli[Symbol.asyncDispose]();
    },
  };
}

/** A context for one call, and the events that it emits. */
export function topicsContext(
  access: KafkaAccess,
  over: Partial<TopicsContext> = {},
): { context: TopicsContext; events: Event[] } {
  const events: Event[] = [];
  const context = {
    ...access,
    deadline: performance.now() + 60_000,
    signal: new AbortController().signal,
    emit: (event: Event) => void events.push(event),
    ...over,
  };
  return { context, events };
}

export interface ReadRecord {
  partition: number;
  key: string | null;
  value: string | null;
  headers: Record<string, string>;
  timestamp: number;
}

const lastOne = 'the last one';

/** Every record of a topic, read by a group that is deleted after; a record of its own marks the end of a partition. */
export async function recordsOf(
  kafka: Kafka,
  topic: string,
  { readUncommitted = false } = {},
): Promise<ReadRecord[]> {
  const admin = kafka.admin();
  await admin.connect();
  const partitions = (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]!.partitions;
  const producer = kafka.producer();
  await producer.connect();
  const mark = `${lastOne} ${Math.random()}`;
  const marks = partitions.map(({ partitionId }) => ({
    partition: partitionId,
    key: lastOne,
    value: mark,
  }));
  await producer.send({ topic, acks: -1, messages: marks });
  await producer.disconnect();
  const groupId = `read-${Math.random()}`;
  const consumer = kafka.consumer({ groupId, readUncommitted, maxWaitTimeInMs: 100 });
  const records: ReadRecord[] = [];
  let open = partitions.length;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    const eachMessage = async ({ partition, message }: EachMessage): Promise<void> => {
      const key = message.key?.toString() ?? null;
      const value = message.value?.toString() ?? null;
      if (value === mark && --open === 0) resolve();
      if (key === lastOne) return await Promise.resolve();
      const headers = Object.entries(message.headers ?? {}).map(([name, header]) => [
        name,
        String(header),
      ]);
      records.push({
        partition,
        key,
        value,
        headers: Object.fromEntries(headers) as Record<string, string>,
        timestamp: Number(message.timestamp),
      });
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  await admin.deleteGroups([groupId]);
  await admin.disconnect();
  return records;
}

type EachMessage = import('kafkajs').EachMessagePayload;
