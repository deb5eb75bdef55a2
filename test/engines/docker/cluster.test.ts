import type { Kafka } from 'kafkajs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { kafkaClient } from '../../../src/clients/kafka.js';
import type { Place } from '../../../src/cluster/engine.js';
import { KclusterError } from '../../../src/errors.js';
import type { Address } from '../../../src/topology/address.js';
import { describeComposeTools, runCompose } from '../../helpers/compose.js';
import { canRun } from '../../helpers/require.js';
import { localDocker, TestProject, type DockerEngine } from './project.js';
import { broker, zooKeeper } from './services.js';

const ports = { zookeeper: 24_181, broker: 24_092 };
const services = { 'zookeeper-1': zooKeeper(ports.zookeeper), 'broker-1': broker(ports.broker) };
const internal: Address = { host: 'broker-1', port: 29_092 };

describe.skipIf(!(await canRun('docker')))('a cluster', () => {
  let engine: DockerEngine;
  let project: TestProject;

  beforeAll(async () => {
    engine = await localDocker();
    project = new TestProject(engine, 'cluster');
    await project.up(services);
    await brokerAnswers();
  });
  afterAll(async () => {
    await project.clear();
    expect(await project.leaks()).toEqual([]);
    await engine.close();
  });

  function kafka(place: Place, bootstrap: Address): Kafka {
    const dial = (to: Address): Duplex => engine.dial(project.name, place, to);
    return kafkaClient([bootstrap], dial, { requestTimeoutMs: 10_000, retries: 5 });
  }

  async function brokerAnswers(): Promise<void> {
    const ask = async (): Promise<void> => {
      const admin = kafka('host', { host: '127.0.0.1', port: ports.broker }).admin();
      try {
        await admin.connect();
        expect((await admin.describeCluster()).brokers).toHaveLength(1);
      } finally {
        await admin.disconnect();
      }
    };
    await vi.waitFor(ask, { timeout: 60_000, interval: 100 });
  }

  /** What runs in the broker's container beside its first process. */
  async function relays(): Promise<string[]> {
    const { handle } = (await project.node('broker-1'))!;
    const top = (await engine.docker.getContainer(handle).top({ ps_args: '-eo pid,args' })) as {
      Processes: [string, string][];
    };
    return top.Processes.map(([, command]) => command).filter((command) => !/java/.test(command));
  }

  it.each([
    ['host', { host: '127.0.0.1', port: ports.broker }],
    ['network', internal],
  ] as const)('carries kafkajs from the %s', async (place, bootstrap) => {
    const client = kafka(place, bootstrap);
    const topic = `from-${place}`;
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic }], waitForLeaders: true });
    await admin.disconnect();

    // Larger than any buffer on the way.
    const value = Buffer.alloc(900_000, place);
    const producer = client.producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'hello, world' }, { value }] });
    await producer.disconnect();

    const consumer = client.consumer({ groupId: `group-${place}` });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const received = await new Promise<(Buffer | null)[]>((resolve, reject) => {
      const values: (Buffer | null)[] = [];
      const eachMessage = ({ message }: { message: { value: Buffer | null } }): Promise<void> => {
        values.push(message.value);
        if (values.length === 2) resolve(values);
        return Promise.resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
    await consumer.disconnect();
    expect(received[0]?.toString()).toBe('hello, world');
    expect(received[1]?.equals(value)).toBe(true);
    await expect.poll(relays, { timeout: 10_000 }).toEqual([]);
  });

  it('asks ZooKeeper by the network', async () => {
    const stream = engine.dial(project.name, 'network', { host: 'zookeeper-1', port: 2181 });
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      stream
        .on('connect', () => stream.write('srvr'))
        .on('data', (chunk: Buffer) => (text += chunk.toString()))
        .on('end', () => resolve(text))
        .on('error', reject);
    });
    expect(answer).toContain('Mode: standalone');
  });

  it('ends the processes of a connection that is destroyed', async () => {
    const stream = engine.dial(project.name, 'network', internal);
    await new Promise((resolve) => stream.on('connect', resolve));
    expect(await relays()).toContainEqual(expect.stringMatching(/^cat/));
    stream.destroy();
    await expect.poll(relays, { timeout: 10_000 }).toEqual([]);
  });

  it('ends those of one that is destroyed before it stands', async () => {
    const stream = engine.dial(project.name, 'network', internal);
    const closed = new Promise((resolve) => stream.on('close', resolve));
    stream.destroy();
    await closed;
    await expect.poll(relays, { timeout: 10_000 }).toEqual([]);
  });

  it.each([
    ['a closed port', { host: 'broker-1', port: 1 }, /broker-1:1: Connection refused/],
    ['an unknown host', { host: 'no-such-node', port: 1 }, /no-such-node:1: /],
    ['shell code', { host: '$(touch /tmp/x)', port: 1 }, /no connection with/],
  ])('fails to dial %s by an error event', async (_, to, message) => {
    const stream = engine.dial(project.name, 'network', to);
    const error = await new Promise<Error>((resolve) => stream.on('error', resolve));
    expect(error.message).toMatch(message);
  });

  it('fails to dial from a project without nodes', async () => {
    const stream = engine.dial('kcd-nobody', 'network', internal);
    const error = await new Promise<Error>((resolve) => stream.on('error', resolve));
    expect(error.message).toContain('no node of kcd-nobody runs');
  });

  it('reads logs: all of them, the last ones, and those to come', async () => {
    const read = async (tail?: number): Promise<string[]> => {
      const lines: string[] = [];
      for await (const { service, line } of engine.logs(project.name, 'broker-1', {
        ...(tail !== undefined && { tail }),
      })) {
        expect(service).toBe('broker-1');
        lines.push(line);
      }
      return lines;
    };
    const all = await read();
    expect(all.some((line) => line.includes('started (kafka.server.KafkaServer)'))).toBe(true);
    expect(all.join('')).not.toMatch(/[\0\r\n]/);
    expect(await read(3)).toHaveLength(3);
    expect(await read(0)).toEqual([]);

    const abort = new AbortController();
    const follow = engine.logs(project.name, 'broker-1', {
      tail: 0,
      follow: true,
      signal: abort.signal,
    });
    const lines = follow[Symbol.asyncIterator]();
    const next = lines.next();
    const admin = kafka('host', { host: '127.0.0.1', port: ports.broker }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'logged' }] });
    await admin.disconnect();
    expect((await next).value).toMatchObject({ service: 'broker-1' });
    abort.abort();
    let ended = false;
    while (!ended) ended = (await lines.next()).done === true;
  });

  it('has no log lines of a node that is not there', async () => {
    for await (const line of engine.logs(project.name, 'broker-9', {}))
      expect(line).toBeUndefined();
  });

  it('tells when a node ends, ended, or is gone, and can stop waiting', async () => {
    const { signal } = new AbortController();
    const abort = new AbortController();
    const impatient = engine.exited(project.name, 'broker-1', abort.signal);
    setImmediate(() => abort.abort());
    await expect(impatient).rejects.toMatchObject({ kind: 'interrupted' });

    const following = (async () => {
      const lines: string[] = [];
      for await (const { line } of engine.logs(project.name, 'broker-1', { tail: 0, follow: true }))
        lines.push(line);
      return lines;
    })();
    const ending = engine.exited(project.name, 'broker-1', signal);
    await project.do({ kind: 'stop-node', service: 'broker-1', graceSeconds: 60 });
    expect(await ending).toEqual({ code: 143 });
    expect(await engine.exited(project.name, 'broker-1', signal)).toEqual({ code: 143 });
    expect((await following).join()).toContain('shut down completed');
    expect(await engine.exited(project.name, 'broker-9', signal)).toEqual({});
    await project.do({ kind: 'start-node', service: 'broker-1' });
    await brokerAnswers();
  });

  it('takes an error of its own, not an unhandled one, when the node that relays dies', async () => {
    const stream = engine.dial(project.name, 'network', internal);
    await new Promise((resolve) => stream.on('connect', resolve));
    const over = new Promise((resolve) => stream.on('close', resolve).on('error', () => undefined));
    stream.resume();
    await project.do({ kind: 'kill-node', service: 'broker-1' });
    await over;
  });
});

describeComposeTools('the engine and', await canRun('docker'), (tool) => {
  let engine: DockerEngine;
  let project: TestProject;
  let directory: string;
  const services = { 'zookeeper-1': zooKeeper(ports.zookeeper) };

  beforeAll(async () => {
    engine = await localDocker();
    project = new TestProject(engine, 'compose');
    directory = mkdtempSync(join(tmpdir(), 'kcluster-compose-'));
    const volumes = { 'zookeeper-1-data': {}, 'zookeeper-1-datalog': {} };
    writeFileSync(join(directory, 'compose.yaml'), stringify({ services, volumes }));
  });
  afterAll(async () => {
    await project.clear();
    expect(await project.leaks()).toEqual([]);
    await engine.close();
    rmSync(directory, { recursive: true });
  });

  async function run(...args: string[]): Promise<string> {
    return await runCompose(tool, directory, ['-p', project.name, '-f', 'compose.yaml', ...args]);
  }

  it('makes a project that is observed like any other', async () => {
    await run('up', '-d');
    const theirs = await engine.observe(project.name);
    expect(await engine.list()).toContain(project.name);
    await run('down', '-v');
    await project.up(services);
    const ours = await engine.observe(project.name);
    const shape = ({ nodes, networks, volumes }: typeof ours): unknown => ({
      nodes: nodes.map(({ service, state, image }) => ({ service, state, image })),
      networks,
      volumes,
    });
    expect(shape(theirs)).toEqual(shape(ours));
  });

  it('takes what the engine made for its own', async () => {
    expect(await run('ps')).toContain(`${project.name}-zookeeper-1-1`);
    await expect.poll(async () => await run('logs'), { timeout: 20_000 }).toContain('zookeeper');
    await run('down', '-v');
    expect(await project.leaks()).toEqual([]);
  });
});

it('is a KclusterError, and no bug, when Docker goes away', async () => {
  const { dockerFailure } = await import('../../../src/engines/docker/api-errors.js');
  const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(dockerFailure(gone, 'start x')).toBeInstanceOf(KclusterError);
  const bug = new TypeError('x');
  expect(dockerFailure(bug, 'start x')).toBe(bug);
});
