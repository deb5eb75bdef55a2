import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/cluster/engine.js';
import type { EngineStep } from '../../../src/cluster/plan.js';
import { configHash } from '../../../src/compose/hash.js';
import type { ComposeDocument, ComposeService } from '../../../src/compose/document.js';
import { connectProcessEngine } from '../../../src/engines/process/connect.js';
import { psTable } from '../../../src/engines/process/ps-table.js';
import { cacheDirectory } from '../../../src/system/directories.js';
import { canRun } from '../../helpers/require.js';
import { smallDocument, zooKeeperService } from './documents.js';

const project = 'engine-test';
const signal = AbortSignal.timeout(170_000);
const never = new AbortController().signal;

let state: string;
let env: NodeJS.ProcessEnv;
let engine: Engine;

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'kcluster state-'));
  env = { ...process.env, KCLUSTER_CACHE: cacheDirectory(process.env), KCLUSTER_STATE: state };
  engine = await connectProcessEngine(env);
});

afterEach(async () => {
  const { nodes } = await engine.observe(project);
  for (const { service } of nodes) await perform({ kind: 'kill-node', service });
  rmSync(state, { recursive: true });
});

async function perform(step: EngineStep, by: Engine = engine): Promise<void> {
  await by.perform(project, step, { signal, emit: () => undefined });
}

async function create({ services, volumes }: ComposeDocument): Promise<void> {
  for (const definition of Object.values(services))
    await perform({ kind: 'fetch-image', image: definition.image });
  for (const volume of volumes) await perform({ kind: 'create-volume', volume });
  for (const [service, definition] of Object.entries(services))
    await perform({ kind: 'create-node', service, definition });
}

/** Waits until something listens; fails with the node's log when its process ends first. */
async function listening(service: string, port: number): Promise<void> {
  const ended = engine.exited(project, service, never).then(async (status) => {
    throw new Error(
      `${service} ended: ${JSON.stringify(status)}\n${(await log(service)).join('\n')}`,
    );
  });
  ended.catch(() => undefined);
  const connected = (async () => {
    while (!(await answers(port))) await sleep(50);
  })();
  await Promise.race([connected, ended]);
}

async function answers(port: number): Promise<boolean> {
  const socket = engine.dial(project, 'host', { host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function log(service: string, tail?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { line } of engine.logs(project, service, { ...(tail && { tail }) }))
    lines.push(line);
  return lines;
}

async function stateOf(service: string): Promise<string | undefined> {
  const { nodes } = await engine.observe(project);
  return nodes.find((node) => node.service === service)?.state;
}

async function pidOf(service: string): Promise<number> {
  const { nodes } = await engine.observe(project);
  return Number(nodes.find((node) => node.service === service)?.handle.replace('pid ', ''));
}

/** Pids of JVMs that carry this test's state directory on their command line, by an independent way. */
function javasOfThisTest(): string[] {
  const marker = encodeURI(state);
  return execFileSync('ps', ['-eww', '-o', 'pid=,stat=,args='], { maxBuffer: 1e9 })
    .toString()
    .split('\n')
    .filter((line) => line.includes(`-Dkcluster.node=${marker}`) && !/^\s*\d+ Z/.test(line));
}

describe.skipIf(!(await canRun('process')))('the process engine', () => {
  test('runs ZooKeeper and a broker, keeps their data, and leaves nothing', async () => {
    const { document, client, kafka } = await smallDocument();
    expect(await engine.list()).toEqual([]);
    await create(document);
    await create(document);
    expect(await engine.observe(project)).toMatchObject({
      networks: [],
      volumes: ['broker-1-data', 'zookeeper-1-data', 'zookeeper-1-datalog'],
      nodes: [
        { service: 'broker-1', state: 'created', labels: { 'io.kcluster.role': 'broker' } },
        {
          service: 'zookeeper-1',
          state: 'created',
          configHash: configHash(document.services['zookeeper-1']),
        },
      ],
    });
    expect(await engine.list()).toEqual([project]);

    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    const before = Date.now();
    const first = await pidOf('zookeeper-1');
    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    expect(await pidOf('zookeeper-1')).toBe(first);
    await listening('zookeeper-1', client);
    await perform({ kind: 'start-node', service: 'broker-1' });
    await listening('broker-1', kafka);

    const { nodes } = await engine.observe(project);
    for (const node of nodes) {
      expect(node).toMatchObject({
        state: 'running',
        handle: expect.stringMatching(/^pid \d+$/) as string,
      });
      expect(Math.abs(node.startedAt! - before)).toBeLessThan(30_000);
    }
    expect(await engine.portHolder(kafka)).toBe(
      `node broker-1 of cluster "${project}" (pid ${await pidOf('broker-1')})`,
    );
    expect(javasOfThisTest()).toHaveLength(2);
    // The port opens a moment before the broker says that it has started.
    const started = async () =>
      (await log('broker-1')).some((line) => line.includes('started (kafka.server.KafkaServer)'));
    await expect.poll(started, { timeout: 30_000 }).toBe(true);
    // A line may come between the two looks.
    const lastOfAll = async () =>
      JSON.stringify(await log('broker-1', 3)) ===
      JSON.stringify((await log('broker-1')).slice(-3));
    await expect.poll(lastOfAll, { timeout: 10_000 }).toBe(true);

    // Another run of the CLI: it sees the same, and ends what it did not start.
    const other = await connectProcessEngine(env);
    expect(await other.observe(project)).toEqual(await engine.observe(project));
    const seen = other.exited(project, 'broker-1', signal);
    const own = engine.exited(project, 'broker-1', signal);
    await perform({ kind: 'stop-node', service: 'broker-1', graceSeconds: 60 }, other);
    expect(await seen).toEqual({});
    expect(await own).toEqual({ code: 143 });
    expect(await engine.exited(project, 'broker-1', signal)).toEqual({ code: 143 });
    expect(await stateOf('broker-1')).toBe('exited');
    const data = join(state, 'clusters', project, 'volumes', 'broker-1-data');
    expect(existsSync(join(data, '.kafka_cleanshutdown'))).toBe(true);
    const clusterId = readFileSync(join(data, 'meta.properties'), 'utf8');

    await perform({ kind: 'stop-node', service: 'zookeeper-1', graceSeconds: 30 });
    for (const service of ['broker-1', 'zookeeper-1'])
      await perform({ kind: 'remove-node', service });
    expect((await engine.observe(project)).nodes).toEqual([]);
    expect((await engine.observe(project)).volumes).toHaveLength(3);

    await create(document);
    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    await listening('zookeeper-1', client);
    await perform({ kind: 'start-node', service: 'broker-1' });
    await listening('broker-1', kafka);
    expect(readFileSync(join(data, 'meta.properties'), 'utf8')).toBe(clusterId);

    for (const service of ['broker-1', 'zookeeper-1'])
      await perform({ kind: 'remove-node', service });
    for (const volume of document.volumes) await perform({ kind: 'remove-volume', volume });
    expect(javasOfThisTest()).toEqual([]);
    expect(readdirSync(join(state, 'clusters'))).toEqual([]);
    expect(await engine.list()).toEqual([]);
  });

  test('everything of a node is for its owner only, and a small one has no volume', async () => {
    const { document, client } = await smallDocument();
    const definition = { ...document.services['zookeeper-1']! };
    delete definition.volumes;
    await perform({ kind: 'create-node', service: 'zookeeper-1', definition });
    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    await listening('zookeeper-1', client);
    const directory = join(state, 'clusters', project, 'nodes', 'zookeeper-1');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const file of ['node.json', 'zoo.cfg', 'node.log', 'log4j.properties'])
      expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, 'root', 'data', 'myid'), 'utf8')).toBe('1\n');
    await perform({ kind: 'remove-node', service: 'zookeeper-1' });
    expect(readdirSync(join(state, 'clusters'))).toEqual([]);
  });

  test('an early death is noticed, also before anyone waits for it', async () => {
    const { document } = await smallDocument();
    const definition: ComposeService = {
      ...document.services['zookeeper-1']!,
      environment: { JVMFLAGS: '-Xmx1x' },
    };
    await perform({ kind: 'create-node', service: 'zookeeper-1', definition });
    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    expect(await engine.exited(project, 'zookeeper-1', signal)).toEqual({ code: 1 });
    expect(await engine.exited(project, 'zookeeper-1', signal)).toEqual({ code: 1 });
    expect(await stateOf('zookeeper-1')).toBe('exited');
    expect((await engine.observe(project)).nodes[0]).toMatchObject({ exitCode: 1 });
    expect((await log('zookeeper-1')).join('\n')).toContain('Invalid maximum heap size');
    const other = await connectProcessEngine(env);
    expect(await other.exited(project, 'zookeeper-1', signal)).toEqual({});
  });

  test('a kill, a freeze, a directory removed by hand', async () => {
    const { document, client } = await smallDocument();
    const definition = document.services['zookeeper-1']!;
    await perform({ kind: 'create-node', service: 'zookeeper-1', definition });
    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    await perform({ kind: 'kill-node', service: 'zookeeper-1' });
    expect(await engine.exited(project, 'zookeeper-1', signal)).toEqual({ signal: 'SIGKILL' });
    await perform({ kind: 'kill-node', service: 'zookeeper-1' });

    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    await listening('zookeeper-1', client);
    process.kill(await pidOf('zookeeper-1'), 'SIGSTOP');
    await expect.poll(() => stateOf('zookeeper-1')).toBe('paused');
    await perform({ kind: 'stop-node', service: 'zookeeper-1', graceSeconds: 30 });
    expect(await engine.exited(project, 'zookeeper-1', signal)).toEqual({ code: 143 });

    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    // A JVM that has not read its files yet would end without them.
    await listening('zookeeper-1', client);
    rmSync(join(state, 'clusters'), { recursive: true });
    expect(await engine.list()).toEqual([project]);
    const [orphan] = (await engine.observe(project)).nodes;
    expect(orphan).toMatchObject({ state: 'running', image: '', labels: {} });
    expect(orphan?.configHash).not.toBe(configHash(definition));
    await perform({ kind: 'remove-node', service: 'zookeeper-1' });
    expect(javasOfThisTest()).toEqual([]);
    expect(await engine.list()).toEqual([]);
  });

  test('ps sees the same nodes as /proc', async () => {
    const { document } = await smallDocument();
    await create(document);
    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    const pid = await pidOf('zookeeper-1');
    const table = psTable();
    const found = (await table.nodes()).find((node) => node.pid === pid);
    const directory = join(realpathSync(state), 'clusters', project, 'nodes', 'zookeeper-1');
    expect(found).toMatchObject({ directory, frozen: false });
    expect(Math.abs(found!.startedAt - Date.now())).toBeLessThan(30_000);
    expect(await table.now(found!)).toEqual(found);
    expect(table.isAlive(found!)).toBe(true);
    await perform({ kind: 'kill-node', service: 'zookeeper-1' });
    await engine.exited(project, 'zookeeper-1', signal);
    expect(await table.now(found!)).toBeUndefined();
    expect(table.isAlive(found!)).toBe(false);
  });

  test('waiting for an end stops on abort; following a log ends with the node', async () => {
    const { document, client } = await smallDocument();
    await create(document);
    const lines: string[] = [];
    const following = (async () => {
      for await (const { service, line } of engine.logs(project, 'zookeeper-1', { follow: true }))
        lines.push(`${service} ${line}`);
    })();
    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    await listening('zookeeper-1', client);
    await expect.poll(() => lines.join('\n'), { timeout: 20_000 }).toContain('zookeeper-1 [');
    const abort = new AbortController();
    const waits = [engine, await connectProcessEngine(env)].map((each) =>
      each.exited(project, 'zookeeper-1', abort.signal),
    );
    abort.abort();
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ kind: 'interrupted' });
    await perform({ kind: 'remove-node', service: 'zookeeper-1' });
    await following;
  });

  test('two projects with nodes of one name do not touch each other', async () => {
    const { document, client } = await smallDocument();
    await create(document);
    await perform({ kind: 'start-node', service: 'zookeeper-1' });
    await listening('zookeeper-1', client);
    await engine.perform(
      'engine-test-2',
      { kind: 'remove-node', service: 'zookeeper-1' },
      { signal, emit: () => undefined },
    );
    expect(await stateOf('zookeeper-1')).toBe('running');
    expect(await engine.observe('engine-test-2')).toMatchObject({ nodes: [], volumes: [] });
  });
});

describe('the process engine without Java', () => {
  test('observes, but starts and fetches nothing', async () => {
    const bare = await connectProcessEngine({ ...env, PATH: state, JAVA_HOME: '' });
    expect(bare.description).toContain('no Java');
    expect(await bare.list()).toEqual([]);
    const [client, quorum, election] = [21811, 21812, 21813];
    const definition = zooKeeperService(client, quorum, election);
    const fetching = perform({ kind: 'fetch-image', image: definition.image }, bare);
    await expect(fetching).rejects.toMatchObject({ kind: 'noEngine' });
    await perform({ kind: 'create-node', service: 'zookeeper-1', definition }, bare);
    const starting = perform({ kind: 'start-node', service: 'zookeeper-1' }, bare);
    await expect(starting).rejects.toMatchObject({ kind: 'noEngine' });
    expect(await stateOf('zookeeper-1')).toBe('created');
  });
});
