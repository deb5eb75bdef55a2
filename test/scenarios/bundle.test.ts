import { execa } from 'execa';
import { ConfigResourceTypes, Kafka, logLevel, type Admin, type Consumer } from 'kafkajs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { isSecret } from '../../src/bundle/secrets.js';
import { znodeTree } from '../../src/bundle/znode-tree.js';
import { withZooKeeper } from '../../src/clients/zookeeper.js';
import type { EngineName } from '../../src/cluster/engine.js';
import { makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { readTarGz } from '../helpers/tar.js';

interface Up {
  bootstrapServers: string;
  zookeeperConnect: string;
}

interface Made {
  path: string;
  problems: string[];
}

interface Topics {
  controller: number;
  topics: {
    name: string;
    config: Record<string, unknown> | null;
    partitions: {
      partition: number;
      leader: number | null;
      isr: number[];
      beginOffset: number | null;
      endOffset: number | null;
    }[];
  }[];
}

interface Groups {
  groups: {
    group: string;
    state: string;
    members: { clientId: string; assignment: unknown }[];
    offsets: unknown[];
  }[];
}

interface Tree {
  znodes: { path: string; text?: string; base64?: string; stat: Record<string, unknown> }[];
  leftOut: number;
}

const password = 'geheim-4711';
const secretFlags = ['--set', `ssl.key.password=${password}`].concat([
  '--set',
  `listener.name.host.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="${password}";`,
]);

/** Makes a bundle of a cluster, and reads it back: its files by their paths in it. */
async function bundle(
  cli: Cli,
  name: string,
): Promise<{ files: Map<string, string>; problems: string[] }> {
  const { exitCode, data, stderr } = await cli.json<Made>(['bundle', '--name', name]);
  expect(exitCode, stderr).toBe(0);
  return { files: await filesOf(data.path), problems: data.problems };
}

async function filesOf(path: string): Promise<Map<string, string>> {
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const root = `${basename(path, '.tar.gz').replace(/-\d$/, '')}/`;
  const files = new Map<string, string>();
  for (const [file, { text }] of await readTarGz(path)) {
    expect(file.startsWith(root)).toBe(true);
    expect(text, file).not.toContain(password);
    files.set(file.slice(root.length), text);
  }
  return files;
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the test says what it reads
function read<T>(files: ReadonlyMap<string, string>, path: string): T {
  return JSON.parse(files.get(path)!) as T;
}

async function kill(cli: Cli, engine: EngineName, name: string, service: string): Promise<void> {
  const find = async () => {
    const { data } = await cli.json<{
      nodes: { service: string; handle: string; state: string }[];
    }>(['status', '--name', name]);
    return data.nodes.find((node) => node.service === service)!;
  };
  const { handle } = await find();
  if (engine === 'docker') await execa('docker', ['kill', handle]);
  else process.kill(Number(handle.split(' ')[1]), 'SIGKILL');
  await expect.poll(async () => (await find()).state, { timeout: 30_000 }).toBe('exited');
}

await describeEngines(
  'kcluster bundle',
  (engine) => {
    it('tells of a cluster that works, of one without ZooKeeper, and of one that is dead', async () => {
      await using cli = await makeCli(engine);
      const name = projectName('bundle');
      const flags = ['--name', name];
      await using cluster = await start(cli, name, engine);
      const kafka = new Kafka({
        brokers: cluster.bootstrapServers.split(','),
        logLevel: logLevel.NOTHING,
        clientId: 'reader',
      });
      const admin = kafka.admin();
      await admin.connect();
      await assertSecretsAreKafkas(admin);
      const configEntries = [{ name: 'retention.ms', value: '1234567' }];
      const topics = [{ topic: 'orders', numPartitions: 2, replicationFactor: 2, configEntries }];
      await admin.createTopics({ topics, waitForLeaders: true });
      await admin.disconnect();
      await produce(kafka);
      const consumer = await joinGroup(kafka);

      const healthy = await bundle(cli, name);
      expect(healthy.problems).toEqual([]);
      expect([...healthy.files.keys()].sort()).toEqual(
        [
          'README.txt',
          'compose.yaml',
          'kafka/groups.json',
          'kafka/topics.json',
          'logs/broker-1.log',
          'logs/broker-2.log',
          'logs/zookeeper-1.log',
          'nodes.json',
          'spec.json',
          'status.json',
          'zookeeper/tree.json',
        ].sort(),
      );
      const readme = healthy.files.get('README.txt')!;
      for (const path of healthy.files.keys())
        if (path !== 'README.txt') expect(readme).toContain(`  ${path} `);
      expect(readme).toContain('Everything could be collected.');
      expect(read(healthy.files, 'status.json')).toMatchObject({ cluster: name, healthy: true });
      expect(read(healthy.files, 'spec.json')).toMatchObject({
        spec: { name, kafka: { brokers: 2, settings: { 'ssl.key.password': '[hidden]' } } },
        origins: { 'kafka.brokers': `cluster "${name}"`, topics: 'default' },
      });
      expect(healthy.files.get('compose.yaml')).toContain('KAFKA_SSL_KEY_PASSWORD: "[hidden]"');
      expect(healthy.files.get('logs/broker-1.log')).toContain(
        'started (kafka.server.KafkaServer)',
      );
      const seen = read<Topics>(healthy.files, 'kafka/topics.json');
      assertTopics(seen);
      expect(seen.topics.find(({ name: each }) => each === 'orders')!.config).toEqual({
        'retention.ms': { value: '1234567', source: 'DYNAMIC_TOPIC_CONFIG' },
        'min.insync.replicas': { value: '1', source: 'STATIC_BROKER_CONFIG' },
      });
      const { groups } = read<Groups>(healthy.files, 'kafka/groups.json');
      const group = groups.find((each) => each.group === 'billing')!;
      expect(group).toMatchObject({
        state: 'Stable',
        protocolType: 'consumer',
        coordinator: anyId,
      });
      expect(group.members).toMatchObject([
        { clientId: 'reader', assignment: [{ topic: 'orders', partitions: [0, 1] }] },
      ]);
      expect(group.offsets).toEqual([
        { topic: 'orders', partition: 0, committed: 3, endOffset: 4, lag: 1 },
      ]);
      await consumer.disconnect();
      await assertTree(read<Tree>(healthy.files, 'zookeeper/tree.json'), cluster.zookeeperConnect);

      await kill(cli, engine, name, 'zookeeper-1');
      const headless = await bundle(cli, name);
      expect(headless.problems).toEqual([
        expect.stringMatching(/^kafka\/topics\.json: no settings: no answer from .* 5000 ms$/),
        expect.stringMatching(
          /^zookeeper\/tree\.json: no ZooKeeper session with .* within 5000 ms$/,
        ),
      ]);
      expect(headless.files.get('problems.txt')).toBe(`${headless.problems.join('\n')}\n`);
      expect(headless.files.has('zookeeper/tree.json')).toBe(false);
      expect(read(headless.files, 'status.json')).toMatchObject({
        healthy: false,
        problems: expect.arrayContaining(['zookeeper-1 is exited']) as unknown,
      });
      assertTopics(read<Topics>(headless.files, 'kafka/topics.json'));

      await kill(cli, engine, name, 'broker-1');
      await kill(cli, engine, name, 'broker-2');
      const made = await cli.run(['bundle', ...flags, '--directory', 'a b/ü', '--output', 'plain']);
      expect(made.exitCode).toBe(0);
      const [archive] = await readdir(join(cli.directory, 'a b', 'ü'));
      expect(made.stdout).toBe(join(cli.directory, 'a b', 'ü', archive!));
      expect(made.stderr).toContain('not in the bundle: kafka/topics.json: no broker answers at ');
      const dead = await filesOf(made.stdout);
      for (const service of ['zookeeper-1', 'broker-1', 'broker-2'])
        expect(dead.get(`logs/${service}.log`)).toContain('INFO');
      expect(read<{ nodes: unknown[] }>(dead, 'nodes.json').nodes).toHaveLength(3);
    });
  },
  { long: ['docker'] },
);

it('there is no bundle of a cluster that is not there', async () => {
  await using cli = await makeCli('process');
  const { exitCode, stderr } = await cli.run(['bundle', '--name', projectName('none')]);
  expect(exitCode).toBe(5);
  expect(stderr).toContain('there is no cluster "kct-none-');
});

const anyId = expect.any(Number) as unknown;

/** A cluster that is gone in the end. */
async function start(cli: Cli, name: string, engine: EngineName): Promise<Up & AsyncDisposable> {
  const flags = ['--name', name, '--ports', 'auto', '--brokers', '2', ...upFlags[engine]];
  const { exitCode, data, stderr } = await cli.json<Up>(['up', ...flags, ...secretFlags]);
  expect(exitCode, stderr).toBe(0);
  return {
    ...data,
    [Symbol.asyncDispose]: async () => {
      await cli.run(['down', '--volumes', '--name', name]);
    },
  };
}

/** Four records in partition 0 and one in partition 1. */
async function produce(kafka: Kafka): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  const messages = [0, 0, 0, 0, 1].map((partition) => ({ partition, value: 'x' }));
  await producer.send({ topic: 'orders', acks: -1, messages });
  await producer.disconnect();
}

/** A member that stays, in a group that has committed three records of partition 0. */
async function joinGroup(kafka: Kafka): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: 'billing', maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'] });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
  await joined;
  await consumer.commitOffsets([{ topic: 'orders', partition: 0, offset: '3' }]);
  return consumer;
}

/** What Kafka calls sensitive of a broker's settings is what is hidden, no more and no less. */
async function assertSecretsAreKafkas(admin: Admin): Promise<void> {
  const { resources } = await admin.describeConfigs({
    resources: [{ type: ConfigResourceTypes.BROKER, name: '1' }],
    includeSynonyms: false,
  });
  const entries = resources[0]!.configEntries;
  expect(entries.length).toBeGreaterThan(200);
  const sensitive = entries.filter(({ isSensitive }) => isSensitive);
  expect(sensitive.map(({ configName }) => configName)).toContain('ssl.keystore.key');
  expect(entries.filter(({ configName }) => isSecret(configName)).map(nameOf)).toEqual(
    sensitive.map(nameOf),
  );
}

const nameOf = ({ configName }: { configName: string }): string => configName;

function assertTopics({ topics }: Topics): void {
  const orders = topics.find(({ name }) => name === 'orders')!;
  expect(orders.partitions.map(({ partition }) => partition).sort()).toEqual([0, 1]);
  for (const { leader, isr } of orders.partitions) {
    expect([1, 2]).toContain(leader);
    expect(isr.toSorted()).toEqual([1, 2]);
  }
  expect(sum(orders.partitions, 'beginOffset')).toBe(0);
  expect(sum(orders.partitions, 'endOffset')).toBe(5);
}

/** And the bounds, on the same tree. */
async function assertTree({ znodes, leftOut }: Tree, connect: string): Promise<void> {
  expect(leftOut).toBe(0);
  const byPath = new Map(znodes.map((znode) => [znode.path, znode]));
  expect(JSON.parse(byPath.get('/brokers/topics/orders')!.text!)).toHaveProperty('partitions');
  expect(byPath.get('/brokers/ids/1')!.stat).toMatchObject({
    ephemeralOwner: expect.not.stringMatching(/^0x0$/) as unknown,
    version: 1,
  });
  expect(Date.parse(String(byPath.get('/controller')!.stat['ctime']))).toBeGreaterThan(
    Date.now() - 180_000,
  );
  await withZooKeeper(connect, 10_000, async (session) => {
    await session.create('/config/users/me', JSON.stringify({ config: { 'SCRAM-SHA-256': 'x' } }));
    await session.create('/odd', 'a\0b');
    await session.create('/large', 'x'.repeat(5000));
    const bounds = { znodes: 1000, bytes: 100_000, bytesEach: 4999 };
    const told: string[] = [];
    const tell = (problem: string): void => void told.push(problem);
    const never = new AbortController().signal;
    const all = await znodeTree(session, never, tell, bounds);
    const at = (path: string) => all.znodes.find((znode) => znode.path === path);
    expect(at('/config/users/me')).toMatchObject({ text: '[hidden]' });
    expect(at('/odd')).toMatchObject({ base64: Buffer.from('a\0b').toString('base64') });
    expect(Object.keys(at('/large')!)).toEqual(['path', 'stat']);
    const few = await znodeTree(session, never, tell, { ...bounds, znodes: 10 });
    expect(few.znodes).toHaveLength(10);
    expect(few.leftOut).toBeGreaterThan(0);
    expect(told).toEqual([]);
    const none = await znodeTree(session, AbortSignal.abort(), tell, bounds);
    expect(none).toEqual({ znodes: [], leftOut: 1 });
    expect(told).toEqual(['only a part of it: the time was over']);
    for (const path of ['/config/users/me', '/odd', '/large']) await session.remove(path);
  });
}

function sum(items: readonly object[], key: string): number {
  return items.reduce((all, item) => all + Number((item as Record<string, unknown>)[key]), 0);
}
