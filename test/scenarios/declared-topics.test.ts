import { execa } from 'execa';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyMetadata } from '../../src/clients/access.js';
import { describeTopicConfigs } from '../../src/clients/topic-configs.js';
import type { KclusterError } from '../../src/errors.js';
import { applyTopics } from '../../src/topics/apply.js';
import type { DeclaredTopic } from '../../src/topics/declared.js';
import { planTopics } from '../../src/topics/plan.js';
import { seedTopic } from '../../src/topics/seed.js';
import { compiled } from '../helpers/compiled.js';
import {
  recordsOf,
  startKafka,
  topicsContext,
  type KafkaCluster,
} from '../helpers/kafka-cluster.js';
import { canRun } from '../helpers/require.js';

describe.skipIf(!(await canRun('process')))('declared topics', () => {
  let cluster: KafkaCluster;
  const directory = mkdtempSync(join(tmpdir(), 'kcluster-topics-'));
  beforeAll(async () => {
    cluster = await startKafka('topics', 3);
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const apply = async (...declared: DeclaredTopic[]) => {
    const { context, events } = topicsContext(cluster.access);
    return { changes: await applyTopics(declared, context), events };
  };
  const refusal = async (...declared: DeclaredTopic[]) =>
    await apply(...declared).then(
      () => expect.fail('it was not refused'),
      (error: unknown) => error as KclusterError,
    );
  const topicNow = async (name: string) => {
    const { topics } = await anyMetadata(cluster.access);
    return topics.find((topic) => topic.name === name);
  };
  const ownConfig = async (name: string) =>
    (await describeTopicConfigs(cluster.access, [name])).get(name)?.own;

  it('are created as declared, once', async () => {
    const orders: DeclaredTopic = {
      name: 'orders',
      partitions: 4,
      replication: 2,
      config: { 'retention.ms': '0100000', 'cleanup.policy': ' compact , delete' },
    };
    const { changes } = await apply(orders, { name: 'defaults', config: {} });
    expect(changes).toMatchObject([
      { kind: 'create-topic', topic: 'orders', cause: 'topic orders is not there' },
      { kind: 'create-topic', topic: 'defaults' },
    ]);
    const { partitions } = (await topicNow('orders'))!;
    expect(partitions).toHaveLength(4);
    for (const { replicas, isr, leader } of partitions) {
      expect(replicas).toHaveLength(2);
      expect(isr.toSorted()).toEqual(replicas.toSorted());
      expect(replicas).toContain(leader);
    }
    expect(await ownConfig('orders')).toEqual({
      'retention.ms': '100000',
      'cleanup.policy': 'compact,delete',
    });
    const defaults = (await topicNow('defaults'))!;
    expect(defaults.partitions.map(({ replicas }) => replicas.length)).toEqual([3]);

    const again = await apply(orders, { name: 'defaults', config: {} });
    expect(again.changes).toEqual([]);
    expect(again.events.filter(({ type }) => type !== 'waiting')).toEqual([]);
  });

  it('get what is declared anew, and keep what is not', async () => {
    await apply({ name: 'grows', partitions: 2, replication: 1, config: { 'retention.ms': '5' } });
    const declared: DeclaredTopic = {
      name: 'grows',
      partitions: 3,
      replication: 3,
      config: { 'retention.bytes': '7' },
    };
    const { context } = topicsContext(cluster.access);
    const planned = await planTopics([declared], context);
    expect(planned.changes.map(({ cause }) => cause)).toEqual([
      'retention.bytes of topic grows is not set, "7" is declared',
      'grows-0 has 1 replica, 3 declared',
      'topic grows has 2 partitions, 3 declared',
    ]);
    expect((await topicNow('grows'))!.partitions).toHaveLength(2);

    const { changes, events } = await apply(declared);
    expect(changes).toEqual(planned.changes);
    expect(events).toContainEqual({
      type: 'notice',
      message: 'topic grows has retention.ms="5", which is not declared; it is left as it is',
    });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'progress', current: 2, total: 2, unit: 'partitions' }),
    );
    const { partitions } = (await topicNow('grows'))!;
    expect(partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3]);
    expect(await ownConfig('grows')).toEqual({ 'retention.ms': '5', 'retention.bytes': '7' });

    await apply({ ...declared, replication: 2 });
    const shrunk = (await topicNow('grows'))!;
    expect(shrunk.partitions.map(({ replicas }) => replicas.length)).toEqual([2, 2, 2]);
    expect((await apply({ name: 'grows', config: {} })).changes).toEqual([]);
  });

  it('are refused with everything that is wrong, before anything is created', async () => {
    await apply({ name: 'there', partitions: 2, config: {} });
    const error = await refusal(
      { name: 'fine', config: {} },
      { name: 'wide', replication: 4, config: {} },
      { name: 'odd name', config: {} },
      {
        name: 'bad',
        replication: 9,
        config: { 'no.such.key': '1', 'retention.ms': 'long', 'segment.bytes': '1000000' },
      },
      { name: 'there', partitions: 1, config: { 'cleanup.policy': 'tidy' } },
      { name: 'lag', config: { 'min.compaction.lag.ms': '9', 'max.compaction.lag.ms': '8' } },
      { name: 'lost', config: {}, seed: join(directory, 'none.jsonl') },
      { name: 'line', config: {}, seed: file('line.jsonl', '{"value":1}\nvalue\n') },
    );
    expect(error).toMatchObject({ name: 'KclusterError', kind: 'invalidSpec' });
    expect(error.details).toEqual([
      'topic wide: Replication factor: 4 larger than available brokers: 3.',
      expect.stringMatching(/^topic odd name: Topic name is invalid: 'odd name' contains/),
      'topic bad: Replication factor: 9 larger than available brokers: 3.',
      'topic bad: Unknown topic config name: no.such.key',
      'topic bad: Invalid value long for configuration retention.ms: Not a number of type LONG',
      expect.stringMatching(/^topic there: Invalid value tidy for configuration cleanup.policy/),
      expect.stringMatching(/^topic lag: .*min.compaction.lag.ms \(9\) > max.compaction.lag.ms/),
      expect.stringMatching(/^the seed of topic lost: .*none\.jsonl is not there$/),
      expect.stringMatching(/line\.jsonl:2: not JSON: /),
      "topic there has 2 partitions, and Kafka can't take any away; 1 declared",
    ]);
    for (const name of ['fine', 'lost', 'line', 'bad', 'lag'])
      expect(await topicNow(name)).toBeUndefined();
    const fewer = await refusal({ name: 'there', partitions: 1, config: {} });
    expect(fewer).toMatchObject({ kind: 'conflict' });
    expect(fewer.hints.join()).toContain('--delete --topic');
  });

  it('take a seed as its file says', async () => {
    const seed = file(
      'users.jsonl',
      [
        '{"key":"ann","value":{"age":41},"partition":2,"headers":{"from":"import"}}',
        '{"key":"bob","value":null,"timestamp":1700000000000}',
        '{"value":"plain"}',
        '{"value":"second"}',
      ].join('\n'),
    );
    const text = file('words.txt', 'one\ntwo\r\n\nfour');
    await apply(
      { name: 'users', partitions: 3, config: { 'retention.ms': '-1' }, seed },
      { name: 'words', partitions: 1, config: {}, seed: text },
    );
    const users = await recordsOf(cluster.kafka, 'users');
    expect(users).toHaveLength(4);
    expect(users).toContainEqual(
      expect.objectContaining({
        partition: 2,
        key: 'ann',
        value: '{"age":41}',
        headers: { from: 'import' },
      }),
    );
    expect(users).toContainEqual(
      expect.objectContaining({ key: 'bob', value: null, timestamp: 1_700_000_000_000 }),
    );
    expect(users).toContainEqual(
      expect.objectContaining({ key: null, value: 'plain', partition: 2 }),
    );
    const words = await recordsOf(cluster.kafka, 'words');
    expect(words.map(({ value }) => value)).toEqual(['one', 'two', '', 'four']);
  });

  it('are seeded while they are empty, and left alone as soon as they hold a record', async () => {
    const seed = file('few.txt', 'a\nb\n');
    const declared: DeclaredTopic = { name: 'few', partitions: 2, config: {}, seed };
    expect((await apply(declared)).changes.map(({ kind }) => kind)).toEqual([
      'create-topic',
      'seed',
    ]);
    expect((await apply(declared)).changes).toEqual([]);
    const admin = cluster.kafka.admin();
    await admin.connect();
    const ends = await admin.fetchTopicOffsets('few');
    await admin.deleteTopicRecords({
      topic: 'few',
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
    await admin.disconnect();
    expect((await apply(declared)).changes).toMatchObject([
      { kind: 'seed', cause: 'topic few holds no record' },
    ]);
    expect(await recordsOf(cluster.kafka, 'few')).toHaveLength(2);

    await apply({ name: 'used', config: {} });
    await recordsOf(cluster.kafka, 'used');
    expect((await apply({ name: 'used', config: {}, seed })).changes).toEqual([]);
    const nothing = file('nothing.jsonl', '\n');
    await apply({ name: 'blank', config: {}, seed: nothing });
    expect((await apply({ name: 'blank', config: {}, seed: nothing })).changes).toEqual([]);
  });

  it('that Kafka does not take are named with their lines, and nothing of them stays', async () => {
    const big = JSON.stringify({ value: 'x'.repeat(2_000_000) });
    const seed = file('big.jsonl', `{"value":"small"}\n${big}\n`);
    const error = await refusal({ name: 'big', partitions: 1, config: {}, seed });
    expect(error).toMatchObject({ kind: 'invalidSpec' });
    expect(error.details.join()).toMatch(/big\.jsonl:2: .*larger than the max/);
    const keyless = await refusal({
      name: 'keyed',
      partitions: 1,
      config: { 'cleanup.policy': 'compact' },
      seed: file('keyless.txt', 'no key\n'),
    });
    expect(keyless.details.join()).toMatch(/keyless\.txt:1: /);

    writeFileSync(seed, '{"value":"small"}\n');
    await apply({ name: 'big', partitions: 1, config: {}, seed });
    expect(await recordsOf(cluster.kafka, 'big', { readUncommitted: true })).toMatchObject([
      { value: 'small' },
    ]);
  });

  const numbered = (count: number): string =>
    Array.from({ length: count }, (_, n) => `{"key":"k${n % 97}","value":{"n":${n}}}\n`).join('');
  const numbersIn = async (topic: string, readUncommitted: boolean) => {
    const records = await recordsOf(cluster.kafka, topic, { readUncommitted });
    return records
      .map(({ value }) => (JSON.parse(value!) as { n: number }).n)
      .sort((a, b) => a - b);
  };
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

  it('are made once by runs at once', async () => {
    const seed = file('many.jsonl', numbered(20_000));
    const declared: DeclaredTopic = {
      name: 'contended',
      partitions: 6,
      replication: 2,
      config: { 'retention.ms': '77000000' },
      seed,
    };
    const runs = await Promise.all([apply(declared), apply(declared), apply(declared)]);
    const kinds = runs.flatMap(({ changes }) => changes.map(({ kind }) => kind)).sort();
    expect(kinds).toEqual(['create-topic', 'seed']);
    expect(await numbersIn('contended', true)).toEqual(upTo(20_000));

    const wider = { ...declared, partitions: 8, replication: 3 };
    await Promise.all([apply(wider), apply(wider)]);
    const { partitions } = (await topicNow('contended'))!;
    expect(partitions.map(({ replicas }) => replicas.length)).toEqual(Array(8).fill(3));
  });

  it('are seeded whole after a run was killed in the middle', async () => {
    const count = 60_000;
    const seed = file('killed.jsonl', numbered(count));
    await apply({ name: 'killed', partitions: 3, config: {} });
    const worker = compiled(new URL('seed-worker.ts', import.meta.url));
    try {
      const servers = cluster.access.bootstrap.map(({ host, port }) => `${host}:${port}`).join();
      const child = execa('node', [worker.script, servers, 'killed', seed], { reject: false });
      await Promise.race([once(child.stdout, 'data'), child]);
      child.kill('SIGKILL');
      expect((await child).signal).toBe('SIGKILL');
    } finally {
      rmSync(worker.directory, { recursive: true });
    }
    const { changes, events } = await apply({ name: 'killed', partitions: 3, config: {}, seed });
    expect(changes.map(({ kind }) => kind)).toEqual(['seed']);
    expect(events).toContainEqual({
      type: 'notice',
      message: 'what an unfinished seed had left in topic killed is deleted',
    });
    const progress = events.filter((event) => event.type === 'progress');
    expect(progress.length).toBeGreaterThan(3);
    expect(progress.at(-1)!.current).toBe(progress.at(-1)!.total);
    expect(await numbersIn('killed', true)).toEqual(upTo(count));
  });

  it('hold nothing of a seed that was interrupted', async () => {
    const seed = file('interrupted.jsonl', numbered(50_000));
    await apply({ name: 'interrupted', partitions: 3, config: {} });
    const abort = new AbortController();
    const { context } = topicsContext(cluster.access, {
      signal: abort.signal,
      emit: (event) => {
        if (event.type === 'progress') abort.abort();
      },
    });
    await expect(seedTopic('interrupted', seed, context)).rejects.toMatchObject({
      kind: 'interrupted',
    });
    expect(await numbersIn('interrupted', false)).toEqual([]);
  });

  it('give up at the deadline', async () => {
    const { context } = topicsContext(cluster.access, { deadline: performance.now() });
    const declared = { name: 'late', config: {}, seed: file('late.txt', 'x\n') };
    await apply({ name: 'late', config: {} });
    await expect(applyTopics([declared], context)).rejects.toMatchObject({ kind: 'notReady' });
    expect(await recordsOf(cluster.kafka, 'late')).toEqual([]);
  });
});
