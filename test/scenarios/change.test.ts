import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/cluster/plan.js';
import type { Event } from '../../src/report/events.js';
import { awaitFullIsr } from '../../src/topics/isr.js';
import { parseAddress } from '../../src/topology/address.js';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { projectName, upFlags } from '../helpers/engines.js';
import { recordsOf, topicsContext } from '../helpers/kafka-cluster.js';
import { canRun, runsLong } from '../helpers/require.js';
import { steadyProducer, type SteadyProducer } from '../helpers/steady-producer.js';

interface Cluster {
  bootstrapServers: string;
  changed: boolean;
}

interface Status {
  healthy: boolean;
  problems: string[];
  nodes: { service: string; state: string; handle: string; image: string }[];
}

function kafkaAt({ bootstrapServers }: Pick<Cluster, 'bootstrapServers'>): Kafka {
  return new Kafka({
    brokers: bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
    clientId: 'test',
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 20 },
  });
}

/** What was acknowledged and is not there. */
async function missing(kafka: Kafka, topics: readonly string[], values: readonly string[]) {
  const records = await Promise.all(topics.map(async (topic) => await recordsOf(kafka, topic)));
  const there = new Set(records.flat().map(({ value }) => value));
  return values.filter((value) => !there.has(value));
}

function events(stderr: string): Event[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Event);
}

function said(stderr: string): string[] {
  return events(stderr).flatMap((event) =>
    event.type === 'notice' || event.type === 'warning' ? [event.message] : [],
  );
}

describe.skipIf(!(await canRun('process')))('a cluster that changes while it serves', () => {
  let cli: Cli & AsyncDisposable;
  let producer: SteadyProducer;
  let kafka: Kafka;
  const name = projectName('change');
  const flags = ['--name', name];
  const topics = ['lone', 'wide'];
  const scale = async (brokers: number, ...more: string[]) =>
    await cli.json<Cluster>(['scale', ...flags, '--brokers', String(brokers), ...more]);
  const status = async () => (await cli.json<Status>(['status', ...flags])).data;

  beforeAll(async () => {
    cli = await makeCli('process');
    const up = await cli.json<Cluster>(['up', ...flags, '--ports', 'auto', '--kafka', '3.8']);
    expect(up.exitCode).toBe(0);
    kafka = kafkaAt(up.data);
    await createTopic(kafka, 'lone', { numPartitions: 3, replicationFactor: 1 });
    producer = await steadyProducer(kafka, ['lone']);
  });

  afterAll(async () => {
    await producer.end();
    await cli.run(['down', '--volumes', ...flags]);
    expect(await leftovers(cli, name)).toEqual([]);
    await cli[Symbol.asyncDispose]();
  });

  it('prints the plan of a change, and changes nothing', async () => {
    const { exitCode, data } = await cli.json<Plan>([
      'scale',
      ...flags,
      '--brokers',
      '3',
      '--dry-run',
    ]);
    expect(exitCode).toBe(0);
    const steps = data.stages.flat();
    expect(steps.some(({ step }) => step.kind === 'create-node')).toBe(true);
    expect(steps.find(({ step }) => step.kind === 'stop-node')?.cause).toMatch(
      /^KAFKA_DEFAULT_REPLICATION_FACTOR 1 -> 3, /,
    );
    expect((await status()).nodes).toHaveLength(2);
  });

  it('gains brokers, though a first run is killed', async () => {
    await producer.more(20);
    const { child, ended } = await cli.until(
      ['scale', ...flags, '--brokers', '3'],
      (event) => event.type === 'step-started' && event.step.kind === 'check-replicas',
    );
    child.kill('SIGKILL');
    await ended;
    const { exitCode, data, stderr } = await scale(3);
    expect(exitCode).toBe(0);
    expect(data.changed).toBe(true);
    expect(data.bootstrapServers.split(',')).toHaveLength(3);
    expect(said(stderr).join('\n')).toContain(
      'broker-1 is replaced: KAFKA_DEFAULT_REPLICATION_FACTOR 1 -> 3',
    );
    await producer.more(20);
    expect(await status()).toMatchObject({ healthy: true });
    expect((await scale(3)).data.changed).toBe(false);

    kafka = kafkaAt(data);
    await createTopic(kafka, 'wide', { numPartitions: 6, replicationFactor: 3 });
    await producer.end();
    expect(await missing(kafka, ['lone'], producer.acknowledged)).toEqual([]);
    producer = await steadyProducer(kafka, topics);
  });

  it('is restarted node by node', async () => {
    const before = await status();
    const { exitCode, stderr } = await cli.json<Cluster>(['restart', '--rolling', ...flags]);
    expect(exitCode).toBe(0);
    expect(said(stderr).join('\n')).toContain('topic lone has one replica');
    const after = await status();
    expect(after.healthy).toBe(true);
    const pids = before.nodes.map(({ handle }) => handle);
    expect(after.nodes.filter(({ handle }) => pids.includes(handle))).toEqual([]);
    await producer.more(20);
  });

  it('has some of its nodes restarted, and no others', async () => {
    const before = await status();
    expect((await cli.run(['restart', 'broker-2', ...flags])).exitCode).toBe(0);
    const after = await status();
    const changed = after.nodes.filter(
      ({ handle }) => !before.nodes.some((node) => node.handle === handle),
    );
    expect(changed.map(({ service }) => service)).toEqual(['broker-2']);

    const unknown = await cli.run(['restart', 'broker-2', 'broker-9', ...flags]);
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain('there is no node "broker-9"');
    expect(unknown.stderr).toContain('Nodes are broker-1, broker-2, broker-3, zookeeper-1.');
  });

  it('refuses to lose what a topic asks for', async () => {
    await setConfig(kafka, ConfigResourceTypes.TOPIC, 'wide', { 'min.insync.replicas': '2' });
    const { exitCode, data } = await scale(1);
    expect(exitCode).toBe(5);
    expect(data).toMatchObject({
      error: { details: ['topic wide has min.insync.replicas=2, and would have 1 replicas'] },
    });
    await setConfig(kafka, ConfigResourceTypes.TOPIC, 'wide', {});
    expect((await status()).nodes).toHaveLength(4);
  });

  it('says how brokers go when `up` is asked for fewer', async () => {
    const fewer = await cli.run(['up', ...flags, '--brokers', '2']);
    expect(fewer.exitCode).toBe(5);
    expect(fewer.stderr).toContain(`kcluster scale --brokers 2 --name ${name}`);
  });

  it('loses brokers, though a first run is killed, and tells which topics get fewer replicas', async () => {
    await producer.more(20);
    const { child, ended } = await cli.until(
      ['scale', ...flags, '--brokers', '2'],
      (event) => event.type === 'step-started' && event.cause === 'broker-3 leaves',
    );
    child.kill('SIGKILL');
    await ended;
    const { exitCode, stderr } = await scale(1);
    expect(exitCode).toBe(0);
    expect(said(stderr).join('\n')).toContain('wide (1)');
    await producer.more(20);
    await producer.end();
    const { healthy, nodes } = await status();
    expect(healthy).toBe(true);
    expect(nodes.map(({ service }) => service)).toEqual(['zookeeper-1', 'broker-1']);
    // A registration that is left behind would be found.
    expect((await cli.run(['smoke', ...flags])).exitCode).toBe(0);
    const files = await leftovers(cli, name);
    expect(files.filter((file) => /broker-[23]/.test(file))).toEqual([]);
    expect(await missing(kafka, topics, producer.acknowledged)).toEqual([]);
  });

  it('keeps its records when its Kafka is replaced, and from down to up', async () => {
    const newer = await cli.json<Cluster>(['up', ...flags, '--kafka', '3.9']);
    expect(newer.exitCode).toBe(0);
    expect(said(newer.stderr).join('\n')).toContain('kcluster/kafka:3.8.1 -> kcluster/kafka:3.9.2');
    expect((await cli.run(['down', ...flags])).exitCode).toBe(0);
    const { exitCode, data } = await cli.json<Cluster>(['up', ...flags, '--ports', 'auto']);
    expect(exitCode).toBe(0);
    await topicsSettle(data, topics);
    expect(await missing(kafkaAt(data), topics, producer.acknowledged)).toEqual([]);
  });

  it('does not restart a broker without a ZooKeeper', async () => {
    expect((await cli.run(['stop', ...flags])).exitCode).toBe(0);
    const { exitCode, stderr } = await cli.run(['restart', 'broker-1', ...flags]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain('no ZooKeeper runs');
    expect((await cli.run(['restart', 'zookeeper-1', ...flags])).exitCode).toBe(0);
    const running = (await status()).nodes.filter(({ state }) => state === 'running');
    expect(running.map(({ service }) => service)).toEqual(['zookeeper-1']);
  });

  it('does not start on the data of another cluster', async () => {
    expect((await cli.run(['down', ...flags])).exitCode).toBe(0);
    const volumes = join(cli.directory, 'state', 'clusters', name, 'volumes');
    const file = join(volumes, 'broker-1-data', 'meta.properties');
    const meta = await readFile(file, 'utf8');
    const id = /^cluster\.id=(.*)$/m.exec(meta)![1]!;
    await writeFile(file, meta.replace(id, 'another-cluster-of-mine'));
    const other = await cli.run(['up', ...flags, '--ports', 'auto']);
    expect(other.exitCode).toBe(5);
    expect(other.stderr).toContain(
      `volume broker-1-data is of cluster another-cluster-of-mine, ZooKeeper of cluster ${id}`,
    );
    await writeFile(file, meta.replace('broker.id=1', 'broker.id=2'));
    const broker = await cli.run(['up', ...flags, '--ports', 'auto']);
    expect(broker.exitCode).toBe(5);
    expect(broker.stderr).toContain('volume broker-1-data is of broker 2, not of broker 1');
    await writeFile(file, meta);

    for (const volume of ['zookeeper-1-data', 'zookeeper-1-datalog'])
      await rm(join(volumes, volume, 'version-2'), { recursive: true });
    const emptied = await cli.run(['up', ...flags, '--ports', 'auto']);
    expect(emptied.exitCode).toBe(5);
    expect(emptied.stderr).toContain(
      `volume broker-1-data is of cluster ${id}, and ZooKeeper knows no cluster`,
    );
    expect(await readFile(file, 'utf8')).toBe(meta);

    await writeFile(join(volumes, 'zookeeper-1-data', 'myid'), '2\n');
    const member = await cli.run(['up', ...flags, '--ports', 'auto']);
    expect(member.exitCode).toBe(5);
    expect(member.stderr).toContain('volume zookeeper-1-data is of ZooKeeper 2');
  });
});

/** What a throttle lets through at once; more than this of a partition takes long to copy. */
const onceThrough = 1_048_576;

describe.skipIf(!(await canRun('process')))(
  'a cluster of an old Kafka that a file has made',
  () => {
    let cli: Cli & AsyncDisposable;
    let producer: SteadyProducer;
    let kafka: Kafka;
    const name = projectName('old');
    const topics = ['lone', 'heavy'];
    const scaleTo = (brokers: number) => ['scale', '--brokers', String(brokers)];
    const status = async () => (await cli.json<Status>(['status'])).data;
    const isHealthy = async () => (await status()).healthy;
    const file = `name: ${name}
ports: auto
kafka:
  version: "2.8"
  brokers: 1
zookeeper:
  servers: 3
`;

    beforeAll(async () => {
      cli = await makeCli('process');
      await writeFile(join(cli.directory, 'kcluster.yaml'), file);
      const up = await cli.json<Cluster>(['up']);
      expect(up.exitCode).toBe(0);
      kafka = kafkaAt(up.data);
      await createTopic(kafka, 'lone', { numPartitions: 2, replicationFactor: 1 });
      producer = await steadyProducer(kafka, ['lone']);
    });

    afterAll(async () => {
      await producer.end();
      await cli.run(['down', '--volumes']);
      expect(await leftovers(cli, name)).toEqual([]);
      await cli[Symbol.asyncDispose]();
    });

    it('gains brokers, and topics with one replica still take records', async () => {
      const { exitCode, data, stderr } = await cli.json<Cluster>(scaleTo(3));
      expect(exitCode).toBe(0);
      expect(said(stderr)).toContain(
        'kcluster.yaml:5:12 says kafka.brokers: 1; write 3 there, or the next `kcluster up` asks for it again',
      );
      expect(said(stderr).join('\n')).toContain('keep a min.insync.replicas of their own: ');
      await producer.more(20);
      await producer.end();
      kafka = kafkaAt(data);
      await createTopic(kafka, 'heavy', { numPartitions: 6, replicationFactor: 1 });
      await throttle(kafka, 'heavy', undefined);
      await fill(kafka, 'heavy', 6);
      producer = await steadyProducer(kafka, ['lone']);
    });

    it('works on when Ctrl-C ends the drain, with nothing half moved', async () => {
      await throttle(kafka, 'heavy', 3);
      const { child, ended } = await cli.until(scaleTo(2), (event) => event.type === 'progress');
      child.kill('SIGINT');
      expect((await ended).exitCode).toBe(130);
      expect(await movesUnderWay(kafka)).toEqual([]);
      expect(await isHealthy()).toBe(true);
      expect((await status()).nodes).toHaveLength(6);
    });

    it('completes a drain that was killed', async () => {
      const { child, ended } = await cli.until(scaleTo(2), (event) => event.type === 'progress');
      child.kill('SIGKILL');
      await ended;
      expect(await movesUnderWay(kafka)).not.toEqual([]);
      await throttle(kafka, 'heavy', undefined);
      const { exitCode, data } = await cli.json<Cluster>(scaleTo(2));
      expect(exitCode).toBe(0);
      expect(data.bootstrapServers.split(',')).toHaveLength(2);
      expect((await status()).nodes).toHaveLength(5);
      await producer.more(20);
      kafka = kafkaAt(data);
      expect(await recordsOf(kafka, 'heavy')).toHaveLength(24);
    });

    it('refuses a Kafka that is not known', async () => {
      const { exitCode, stderr } = await cli.run(['upgrade', '--kafka', '3.2']);
      expect(exitCode).toBe(3);
      expect(stderr).toContain('local images have Kafka 2.8.2, ');
    });

    it('serves on when its upgrade is interrupted between the rounds', async () => {
      const { child, ended } = await cli.until(
        ['upgrade', '--kafka', '3.9'],
        (event) => event.type === 'step-started' && event.cause.endsWith(' 2.8 -> unset'),
      );
      child.kill('SIGINT');
      const { exitCode, stderr } = await ended;
      expect(exitCode).toBe(130);
      expect(said(stderr)).toContain(
        `\`kcluster upgrade --kafka 3.9 --name ${name}\` goes on from here`,
      );
      await expect.poll(isHealthy, { timeout: 60_000, interval: 200 }).toBe(true);
      expect((await status()).nodes).toHaveLength(5);

      const other = await cli.run(scaleTo(3));
      expect(other.exitCode).toBe(5);
      expect(other.stderr).toContain(`the upgrade of cluster "${name}" to Kafka 3.9 has not ended`);
    });

    it('goes on with its upgrade, and then there is nothing to do', async () => {
      const { exitCode, data, stderr } = await cli.json<Cluster>(['upgrade', '--kafka', '3.9']);
      expect(exitCode).toBe(0);
      expect(data.changed).toBe(true);
      expect(said(stderr).join('\n')).toContain('kcluster.yaml:4:12 says kafka.version: 2.8');
      const images = (await status()).nodes.map(({ image }) => image);
      expect(new Set(images)).toEqual(
        new Set(['kcluster/zookeeper:3.8.4', 'kcluster/kafka:3.9.2']),
      );
      await producer.more(20);
      const again = await cli.json<Cluster>(['upgrade', '--kafka', '3.9']);
      expect(again.data.changed).toBe(false);
      await producer.end();
      expect(await missing(kafka, ['lone'], producer.acknowledged)).toEqual([]);
      expect(await recordsOf(kafka, 'heavy')).toHaveLength(24);
    });

    it('does not go back', async () => {
      for (const args of [
        ['upgrade', '--kafka', '3.8'],
        ['up', '--brokers', '2'],
      ]) {
        const { exitCode, stderr } = await cli.run(args);
        expect(exitCode).toBe(5);
        expect(stderr).toContain(
          'broker-1 runs Kafka 3.9, and what it has written is not for Kafka',
        );
      }
      expect(await isHealthy()).toBe(true);
    });

    it('is what the file says, when that is as new', async () => {
      await writeFile(
        join(cli.directory, 'kcluster.yaml'),
        file.replace('"2.8"', '3.9').replace('brokers: 1', 'brokers: 2'),
      );
      const { exitCode, data } = await cli.json<Cluster>(['up']);
      expect(exitCode).toBe(0);
      expect(data.changed).toBe(false);
      expect(await missing(kafka, topics, producer.acknowledged)).toEqual([]);
    });
  },
);

const inContainers = 'a cluster in containers that changes';

describe.skipIf(!runsLong(inContainers) || !(await canRun('docker')))(inContainers, () => {
  it('gains a broker, is restarted, loses it, and keeps its records', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('change');
    const flags = ['--name', name];
    const up = ['up', ...flags, '--ports', 'auto', ...upFlags.docker];
    const scale = async (brokers: number) =>
      await cli.json<Cluster>(['scale', ...flags, '--brokers', String(brokers)]);
    try {
      const one = await cli.json<Cluster>(up);
      expect(one.exitCode).toBe(0);
      await createTopic(kafkaAt(one.data), 'lone', { numPartitions: 2, replicationFactor: 1 });
      const two = await scale(2);
      expect(two.exitCode).toBe(0);
      expect(said(two.stderr).join('\n')).toContain('KAFKA_DEFAULT_REPLICATION_FACTOR 1 -> 2');
      const kafka = kafkaAt(two.data);
      await createTopic(kafka, 'wide', { numPartitions: 4, replicationFactor: 2 });
      const producer = await steadyProducer(kafka, ['lone', 'wide']);
      await producer.more(20);
      expect((await cli.run(['restart', '--rolling', ...flags])).exitCode).toBe(0);
      await producer.more(20);
      expect((await scale(1)).exitCode).toBe(0);
      await producer.more(20);
      await producer.end();
      expect((await cli.run(['down', ...flags])).exitCode).toBe(0);
      const again = await cli.json<Cluster>(up);
      expect(again.exitCode).toBe(0);
      expect(again.data.bootstrapServers.split(',')).toHaveLength(1);
      await topicsSettle(again.data, ['lone', 'wide']);
      const lost = await missing(kafkaAt(again.data), ['lone', 'wide'], producer.acknowledged);
      expect(lost).toEqual([]);
    } finally {
      await cli.run(['down', '--volumes', ...flags]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

/** Brokers that have just started list their topics a moment later. */
async function topicsSettle(
  { bootstrapServers }: Cluster,
  topics: readonly string[],
): Promise<void> {
  const access = { bootstrap: bootstrapServers.split(',').map(parseAddress), dial: connect };
  await awaitFullIsr(topicsContext(access).context, new Map(topics.map((topic) => [topic, 1])));
}

async function createTopic(
  kafka: Kafka,
  topic: string,
  shape: { numPartitions: number; replicationFactor: number },
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, ...shape }], waitForLeaders: true });
  await admin.disconnect();
}

/** Four records to each partition, which are more together than a throttle lets through at once. */
async function fill(kafka: Kafka, topic: string, partitions: number): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const value = 'x'.repeat(onceThrough - 100_000);
  for (let n = 0; n < 4; n++)
    for (let partition = 0; partition < partitions; partition++)
      await producer.send({ topic, acks: -1, messages: [{ partition, value }] });
  await producer.disconnect();
}

/** Copies of the topic are slow from now on, or, without a number of brokers, as quick as ever. */
async function throttle(kafka: Kafka, topic: string, brokers: number | undefined): Promise<void> {
  // Three brokers ask for two replicas in sync, and Kafka 2.8 does so of every topic.
  const lone = { 'min.insync.replicas': '1' };
  const replicas = { ...lone, 'follower.replication.throttled.replicas': '*' };
  const rate = { 'follower.replication.throttled.rate': '1' };
  await setConfig(kafka, ConfigResourceTypes.TOPIC, topic, brokers ? replicas : lone);
  for (let id = 1; id <= (brokers ?? 3); id++)
    await setConfig(kafka, ConfigResourceTypes.BROKER, String(id), brokers ? rate : {});
}

async function movesUnderWay(kafka: Kafka): Promise<string[]> {
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.listPartitionReassignments({});
  await admin.disconnect();
  return topics.map(({ topic }) => topic);
}

/** These and no other settings. */
async function setConfig(
  kafka: Kafka,
  type: ConfigResourceTypes,
  name: string,
  config: Record<string, string>,
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type, name, configEntries }],
  });
  await admin.disconnect();
}
