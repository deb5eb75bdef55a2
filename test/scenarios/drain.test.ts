import { ConfigResourceTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyMetadata } from '../../src/clients/access.js';
import type { KclusterError } from '../../src/errors.js';
import { awaitFullIsr } from '../../src/topics/isr.js';
import { checkDeparture, drain } from '../../src/topics/drain.js';
import { drainPlan } from '../../src/topics/moves.js';
import { reassign } from '../../src/topics/reassign.js';
import { readPartitions } from '../../src/topics/state.js';
import { formatAddress } from '../../src/topology/address.js';
import {
  recordsOf,
  startKafka,
  topicsContext,
  type KafkaCluster,
} from '../helpers/kafka-cluster.js';
import { canRun } from '../helpers/require.js';

/** The tests go on from one another: what the first has written, the last reads. */
describe.skipIf(!(await canRun('process')))('a cluster that loses a broker', () => {
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startKafka('drain', 3);
  });
  afterAll(async () => await cluster[Symbol.asyncDispose]());

  const topics = { single: 1, double: 2, triple: 3 };
  const perTopic = 3000;
  const upTo = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));

  const partitionsNow = async () => {
    const { topics: each } = await anyMetadata(cluster.access);
    return each.flatMap(({ name: topic, partitions }) =>
      partitions.map((partition) => ({ topic, ...partition })),
    );
  };
  const admin = async <T>(
    body: (admin: ReturnType<KafkaCluster['kafka']['admin']>) => Promise<T>,
  ): Promise<T> => {
    const client = cluster.kafka.admin();
    await client.connect();
    return await body(client).finally(async () => await client.disconnect());
  };
  /** Lets followers of moved partitions copy so many bytes a second. */
  const throttle = async (bytes: number) =>
    await admin(async (client) => {
      await client.alterConfigs({
        validateOnly: false,
        resources: [
          ...[1, 2, 3].map((id) => ({
            type: ConfigResourceTypes.BROKER,
            name: String(id),
            configEntries: [
              { name: 'follower.replication.throttled.rate', value: String(bytes) },
              { name: 'leader.replication.throttled.rate', value: String(bytes) },
            ],
          })),
          ...Object.keys(topics).map((name) => ({
            type: ConfigResourceTypes.TOPIC,
            name,
            configEntries: [
              { name: 'follower.replication.throttled.replicas', value: '*' },
              { name: 'leader.replication.throttled.replicas', value: '*' },
            ],
          })),
        ],
      });
    });

  it('holds numbered records', async () => {
    await admin(async (client) => {
      await client.createTopics({
        topics: Object.entries(topics).map(([topic, replicationFactor]) => ({
          topic,
          numPartitions: 6,
          replicationFactor,
        })),
      });
    });
    const producer = cluster.kafka.producer();
    await producer.connect();
    // More than a follower fetches at once (replica.fetch.max.bytes), so that a throttle holds it up.
    const messages = upTo(perTopic).map((value) => ({ value: value.padEnd(4000) }));
    for (const topic of Object.keys(topics))
      for (let from = 0; from < perTopic; from += 500)
        await producer.send({ topic, acks: -1, messages: messages.slice(from, from + 500) });
    await producer.disconnect();
    const { context } = topicsContext(cluster.access);
    await awaitFullIsr(context);
    expect(await recordsOf(cluster.kafka, 'single')).toHaveLength(perTopic);
    // Reading has made Kafka's own topic, which is drained with the others.
    const partitions = await partitionsNow();
    expect(partitions.map(({ topic }) => topic)).toContain('__consumer_offsets');
  });

  it.each([
    ['is interrupted', 'interrupted'],
    ['does not end in time', 'notReady'],
  ] as const)('takes its moves back when the run %s', async (_when, kind) => {
    await throttle(1);
    const before = await partitionsNow();
    const { hosts, partitions } = await readPartitions(cluster.access);
    const { moves } = drainPlan(partitions, [3], hosts);
    const single = moves.filter(({ topic }) => topic === 'single');
    expect(single.length).toBeGreaterThan(0);
    const abort = new AbortController();
    const { context, events } = topicsContext(cluster.access, {
      signal: abort.signal,
      deadline: performance.now() + (kind === 'notReady' ? 1000 : 60_000),
      emit: (event) => {
        events.push(event);
        if (kind === 'interrupted' && event.type === 'progress') abort.abort();
      },
    });
    const error = await reassign(single, context).then(
      () => expect.fail('it went through'),
      (thrown: unknown) => thrown as KclusterError,
    );
    expect(error).toMatchObject({ name: 'KclusterError', kind });
    if (kind === 'notReady')
      expect(error.details[0]).toMatch(/^single-\d is not on broker [12] yet$/);
    expect(events).toContainEqual({
      type: 'progress',
      task: 'moving partitions',
      current: 0,
      total: single.length,
      unit: 'partitions',
    });
    expect(events.at(-1)).toEqual({ type: 'progress-done', task: 'moving partitions' });
    await throttle(1_000_000_000);
    await awaitFullIsr(topicsContext(cluster.access).context);
    const replicas = (now: typeof before) =>
      now.map((each) => `${each.topic}-${each.partition}: ${each.replicas.join()}`).sort();
    expect(replicas(await partitionsNow())).toEqual(replicas(before));
    const underWay = await admin(async (client) => await client.listPartitionReassignments({}));
    expect(underWay.topics).toEqual([]);
  });

  it('has moved everything off it, as every broker says', async () => {
    const { context, events } = topicsContext(cluster.access);
    await checkDeparture([3], context);
    const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/__consumer_offsets \(2\)[\s\S]*triple \(2\)/);
    expect(warnings[0]).not.toContain('double');
    await drain([3], context);
    await awaitFullIsr(context);
    const progress = events.filter((event) => event.type === 'progress').at(-1)!;
    expect(progress.current).toBe(progress.total);
    const partitions = await partitionsNow();
    for (const { topic, replicas, isr, leader } of partitions) {
      expect(replicas).not.toContain(3);
      expect(isr.toSorted()).toEqual(replicas.toSorted());
      if (topic in topics) expect(leader).toBe(replicas[0]);
    }
    const before = events.length;
    await drain([3], context);
    expect(events).toHaveLength(before);
  });

  it('says what is lacking once a broker is gone that holds something', async () => {
    const third = formatAddress(cluster.access.bootstrap[2]!);
    await cluster.kill(3, 'SIGTERM');
    const bootstrap = cluster.access.bootstrap.slice(0, 2);
    await awaitFullIsr(topicsContext({ ...cluster.access, bootstrap }).context);
    const soon = { deadline: performance.now() + 500 };
    const all = topicsContext(cluster.access, soon);
    await expect(awaitFullIsr(all.context)).rejects.toMatchObject({
      kind: 'notReady',
      details: [`${third} does not answer yet`],
    });
    expect(all.events.at(-1)).toEqual({
      type: 'waiting',
      for: `${third} does not answer yet`,
    });
  });

  it.each(Object.keys(topics))('has lost no record of topic %s', async (topic) => {
    const records = await recordsOf(cluster.kafka, topic);
    const numbers = records.map(({ value }) => Number(value)).sort((a, b) => a - b);
    expect(numbers).toEqual(upTo(perTopic).map(Number));
  });

  it('is not moved to a broker that is gone', async () => {
    const { context } = topicsContext(cluster.access);
    const move = { topic: 'single', partition: 0, from: [1], to: [3] };
    await expect(reassign([move], context)).rejects.toMatchObject({
      kind: 'conflict',
      details: [expect.stringMatching(/^single-0: Replica assignment has brokers that are not/)],
    });
  });

  it('is not in sync where a follower is gone', async () => {
    await cluster.kill(2, 'SIGKILL');
    const bootstrap = cluster.access.bootstrap.slice(0, 1);
    const tryOnce = async (): Promise<string> => {
      const now = { deadline: performance.now() };
      const { context } = topicsContext({ ...cluster.access, bootstrap }, now);
      return await awaitFullIsr(context).then(
        () => '',
        (error: unknown) =>
          `${(error as KclusterError).kind} ${(error as KclusterError).details.join()}`,
      );
    };
    await expect
      .poll(async () => await tryOnce(), { timeout: 30_000 })
      .toMatch(/^notReady .*-\d is not in sync on broker 2/);
    const { context } = topicsContext(
      { ...cluster.access, bootstrap },
      {
        signal: AbortSignal.abort(),
      },
    );
    await expect(awaitFullIsr(context)).rejects.toMatchObject({ kind: 'interrupted' });
  });

  it('answers, and is restarted, while partitions have no leader', async () => {
    const { cli, name } = cluster;
    await expect
      .poll(async () => (await partitionsNow()).some(({ leader }) => leader === undefined))
      .toBe(true);
    expect((await cli.run(['restart', 'broker-1', '--name', name])).exitCode).toBe(0);
    const { data } = await cli.json<{ nodes: object[] }>(['status', '--name', name]);
    expect(data.nodes).toContainEqual(
      expect.objectContaining({ service: 'broker-1', lists: [1], controller: true }),
    );
  });
});
