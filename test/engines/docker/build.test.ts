import Docker from 'dockerode';
import { randomBytes } from 'node:crypto';
import { Kafka, logLevel, type EachMessagePayload } from 'kafkajs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { zookeeperMode } from '../../../src/clients/srvr.js';
import { buildImages } from '../../../src/engines/docker/build.js';
import { KclusterError } from '../../../src/errors.js';
import { localImageName, localImages } from '../../../src/images/local.js';
import { defaultKafkaVersion, pinnedVersions, readJarLock } from '../../../src/jars/lock.js';
import type { Event } from '../../../src/report/events.js';
import { testBase } from '../../helpers/engines.js';
import { canRun, dockerSocket } from '../../helpers/require.js';
import { fileOf, kafkaCases, zooKeeperCases } from '../../images/cases.js';

const docker = new Docker({ socketPath: dockerSocket });
const lock = readJarLock(defaultKafkaVersion);
const kafka = localImageName(localImages.kafka, lock);
const zooKeeper = localImageName(localImages.zookeeper, lock);
const prefix = `kcluster-build-test-${randomBytes(4).toString('hex')}`;

const events: Event[] = [];
const options = {
  base: testBase,
  kafkaVersion: defaultKafkaVersion,
  signal: new AbortController().signal,
  emit: (event: Event) => void events.push(event),
};

describe.skipIf(!(await canRun('docker')))('buildImages', () => {
  beforeAll(async () => {
    expect(namesOf(await buildImages(docker, options))).toEqual([zooKeeper, kafka]);
  });
  afterAll(removeAll);

  test('tells how much it has sent', () => {
    const tasks = events.filter((event) => event.type === 'progress-done').map(({ task }) => task);
    expect(tasks).toEqual(expect.arrayContaining([zooKeeper, kafka]));
  });

  test('makes images with the environment, the user, the volumes and the labels that were said', async () => {
    for (const [name, { environment, version }] of [
      [kafka, localImages.kafka],
      [zooKeeper, localImages.zookeeper],
    ] as const) {
      const { Config } = await docker.getImage(name).inspect();
      const expected = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
      expect(Config.Env).toEqual(expect.arrayContaining(expected));
      expect(Config.User).toBe('1000:1000');
      expect(Config.Labels).toMatchObject({
        'org.opencontainers.image.version': version(lock),
        'org.opencontainers.image.base.name': testBase,
      });
    }
  });

  test('makes one ZooKeeper image for all versions of Kafka that have it', async () => {
    const others = pinnedVersions().filter((version) => version !== lock.kafka);
    const other = others.map(readJarLock).find(({ zookeeper }) => zookeeper === lock.zookeeper)!;
    const before = await idOf(zooKeeper);
    const built = await buildImages(docker, { ...options, kafkaVersion: other.kafka });
    expect(namesOf(built)).toEqual([zooKeeper, localImageName(localImages.kafka, other)]);
    expect(await idOf(zooKeeper)).toBe(before);
  });

  test('takes every layer from the cache the second time', async () => {
    const before = await idOf(kafka);
    await buildImages(docker, options);
    expect(await idOf(kafka)).toBe(before);
  });

  test('keeps the class-data archive of an image that is otherwise the same', async () => {
    const version = '3.7.2';
    const name = localImageName(localImages.kafka, readJarLock(version));
    const build = async (archives?: ReadonlyMap<string, Buffer>) =>
      await buildImages(docker, {
        ...options,
        kafkaVersion: version,
        ...(archives && { archives }),
      });
    await build(new Map([[name, Buffer.from('classes')]]));
    const archived = await idOf(name);
    expect(await build()).toContainEqual({ reference: name, hasArchive: true });
    expect(await idOf(name)).toBe(archived);
    await build(new Map([[name, Buffer.from('others')]]));
    expect(await idOf(name)).not.toBe(archived);
    await docker.getImage(name).remove();
    expect(await build()).toContainEqual({ reference: name, hasArchive: false });
    await docker.getImage(name).remove();
  });

  test('the rule of the Kafka image inside a container', async () => {
    for (const one of kafkaCases) {
      const printed = await printConfig(kafka, one.env);
      const own = 'KAFKA_LOG_DIRS' in one.env ? '' : 'log.dirs=/var/lib/kafka/data\n';
      expect(printed.replace(own, ''), one.name).toBe(fileOf(one));
    }
  });

  test('the rule of the ZooKeeper image inside a container', async () => {
    for (const one of zooKeeperCases) {
      expect(await printConfig(zooKeeper, one.env), one.name).toBe(fileOf(one));
    }
  });

  test('the containers serve, run as user 1000, and end on SIGTERM', async () => {
    await docker.createNetwork({ Name: prefix, Labels: mine });
    const port = await freePort();
    const zooKeeperNode = await run('zookeeper', zooKeeper, {});
    await serving(zooKeeperNode);
    const broker = await run('kafka', kafka, {
      Env: [
        'KAFKA_BROKER_ID=1',
        `KAFKA_ZOOKEEPER_CONNECT=${prefix}-zookeeper:2181`,
        `KAFKA_LISTENERS=PLAINTEXT://:${port}`,
        `KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://127.0.0.1:${port}`,
        'KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR=1',
      ],
      ExposedPorts: { [`${port}/tcp`]: {} },
      HostConfig: {
        PortBindings: { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      },
    });
    expect(await helloWorld(`127.0.0.1:${port}`)).toBe('hello, world');

    for (const node of [broker, zooKeeperNode]) {
      expect((await exec(node, 'id -u; id -g')).trim()).toBe('1000\n1000');
      const started = performance.now();
      await node.stop({ t: 30 });
      expect(performance.now() - started).toBeLessThan(10_000);
      expect((await node.inspect()).State.ExitCode).toBe(143);
    }
  });

  test('a changed environment counts at the next start with the same data', async () => {
    const Binds = [`${prefix}-data:/data`];
    for (const id of ['1', '2']) {
      const node = await run(`id-${id}`, zooKeeper, {
        Env: [`ZOO_MY_ID=${id}`, `ZOO_SERVERS=server.${id}=localhost:2888:3888;2181`],
        HostConfig: { Binds, NetworkMode: 'bridge' },
      });
      await serving(node);
      expect((await exec(node, 'cat /data/myid')).trim()).toBe(id);
      await node.remove({ force: true, v: true });
    }
  });

  test('names a base that is nowhere', async () => {
    const error = await failureOf({ ...options, base: `${prefix}/none:1` });
    expect(error.kind).toBe('startFailed');
    expect(error.message).toContain(`no base image ${prefix}/none:1 here, and none to pull`);
    expect(error.hints.join(' ')).toContain('--base');
  });

  test('names a base that is no image name', async () => {
    const error = await failureOf({ ...options, base: 'Not A Name' });
    expect(error.kind).toBe('usage');
    expect(error.message).toBe('"Not A Name" is not the name of an image');
    expect(error.hints.join(' ')).toContain('--base');
  });

  test('names a base without Java', async () => {
    const empty = `${prefix}/empty:1`;
    await importEmpty(empty);
    const error = await failureOf({ ...options, base: empty });
    expect(error.kind).toBe('startFailed');
    expect(error.message).toBe(`the base image ${empty} has no java that runs`);
    await removeWithRest(empty);
  });

  test('ends when it is interrupted', async () => {
    const abort = new AbortController();
    const emit = (event: Event): void => {
      if (event.type === 'progress') abort.abort();
    };
    const error = await failureOf({ ...options, signal: abort.signal, emit });
    expect(error.kind).toBe('interrupted');
  });
});

async function idOf(name: string): Promise<string> {
  return (await docker.getImage(name).inspect()).Id;
}

const mine = { [prefix]: '' };

async function run(
  name: string,
  image: string,
  create: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    name: `${prefix}-${name}`,
    Image: image,
    Labels: mine,
    ...create,
    HostConfig: {
      NetworkMode: prefix,
      ...(image === zooKeeper && { PortBindings: { '2181/tcp': [{ HostIp: '127.0.0.1' }] } }),
      ...create.HostConfig,
    },
  });
  await container.start();
  return container;
}

/** Waits until a ZooKeeper answers on the port that Docker chose for it. */
async function serving(node: Docker.Container): Promise<void> {
  const { NetworkSettings } = await node.inspect();
  const port = Number(NetworkSettings.Ports['2181/tcp']?.[0]?.HostPort);
  const ask = async () => await zookeeperMode(connect({ host: '127.0.0.1', port }), 2000);
  await vi.waitUntil(async () => (await ask()) === 'standalone', {
    timeout: 60_000,
    interval: 200,
  });
}

/** Output of a command in a container, standard error included. */
async function exec(container: Docker.Container, command: string): Promise<string> {
  const started = await container.exec({
    Cmd: ['bash', '-c', command],
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  return (await text(await started.start({ Tty: true }))).replaceAll('\r', '');
}

async function printConfig(image: string, env: Readonly<Record<string, string>>): Promise<string> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['--print-config'],
    Labels: mine,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
  });
  await container.start();
  await container.wait();
  const log = await container.logs({ stdout: true, stderr: true });
  await container.remove({ force: true, v: true });
  return withoutFrames(log);
}

/** Each piece of a log has a head of eight bytes, whose last four are its length. */
function withoutFrames(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at < log.length;) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(pieces).toString();
}

/** Sends a record and reads it back. */
async function helloWorld(address: string): Promise<string> {
  const client = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 200, maxRetryTime: 500, retries: 60 },
  });
  const producer = client.producer();
  await producer.connect();
  await producer.send({ topic: 'greetings', messages: [{ value: 'hello, world' }] });
  await producer.disconnect();
  const consumer = client.consumer({ groupId: prefix, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'greetings', fromBeginning: true });
  const read = await new Promise<string>((resolve, reject) => {
    const eachMessage = ({ message }: EachMessagePayload): Promise<void> =>
      Promise.resolve(resolve(message.value?.toString() ?? ''));
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return read;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An image with nothing in it. */
async function importEmpty(name: string): Promise<void> {
  const archive = pack();
  archive.entry({ name: 'etc/', type: 'directory' });
  archive.finalize();
  const [repo, tag] = name.split(':');
  await text(await docker.importImage(Readable.from(archive), { repo, tag }));
}

function namesOf(built: Awaited<ReturnType<typeof buildImages>>): string[] {
  return built.map(({ reference }) => reference);
}

async function failureOf(options: Parameters<typeof buildImages>[1]): Promise<KclusterError> {
  const error: unknown = await buildImages(docker, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KclusterError);
  return error as KclusterError;
}

/** Removes an image, and what a build that failed has made on it. */
async function removeWithRest(name: string): Promise<void> {
  const { Id } = await docker.getImage(name).inspect();
  const images = await docker.listImages({ all: true });
  for (const rest of images.filter(({ ParentId }) => ParentId === Id)) {
    await docker.getImage(rest.Id).remove();
  }
  await docker.getImage(name).remove();
}

/** Whatever a test that failed has left. */
async function removeAll(): Promise<void> {
  const filters = { label: [prefix] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
  const { Volumes } = await docker.listVolumes({ filters: { name: [prefix] } });
  for (const { Name } of Volumes) await docker.getVolume(Name).remove();
}
