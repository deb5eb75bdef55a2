import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectProcessEngine } from '../../../src/engines/process/connect.js';
import { diagnoseProcesses } from '../../../src/engines/process/diagnose.js';
import { kill, stop } from '../../../src/engines/process/ending.js';
import { listeningInodes, listenerOn, parseLsof } from '../../../src/engines/process/listening.js';
import type { NodeProcess, ProcessTable } from '../../../src/engines/process/process-table.js';
import { canonicalPath } from '../../../src/engines/process/state-files.js';
import { brokerService } from './documents.js';

let directory: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'kcluster-machine-')));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A process table that knows one child of this test. */
function tableOf(child: ChildProcess): { table: ProcessTable; node: NodeProcess } {
  const node = { pid: child.pid!, start: '1', startedAt: 0, frozen: false, directory: '/n' };
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const now = (): Promise<NodeProcess | undefined> => Promise.resolve(isAlive() ? node : undefined);
  return { node, table: { now, isAlive, nodes: () => Promise.resolve([node]) } };
}

async function stubborn(): Promise<ChildProcess> {
  const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

describe('ending a process', () => {
  test('one that ignores SIGTERM is killed after its grace time, not before', async () => {
    const child = await stubborn();
    const { table, node } = tableOf(child);
    const begin = performance.now();
    await stop(table, node, 1);
    expect(performance.now() - begin).toBeGreaterThan(990);
    expect(child.signalCode).toBe('SIGKILL');
  });

  test('nothing is signalled whose pid is another process by now', async () => {
    const child = await stubborn();
    const { table, node } = tableOf(child);
    const other = { ...table, now: () => Promise.resolve(undefined), isAlive: () => false };
    await stop(other, node, 1);
    await kill(other, node);
    expect(child.signalCode).toBeNull();
    await kill(table, node);
    expect(child.signalCode).toBe('SIGKILL');
  });
});

describe('who listens', () => {
  test('a process of this user is named', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await listenerOn(port, process.platform)).toMatchObject({ pid: process.pid });
    server.close();
    await once(server, 'close');
    expect(await listenerOn(port, process.platform)).toBeUndefined();
  });

  test('the tables of the kernel, and lsof', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1',
      '   1: 0100007F:2384 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1',
      '   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1',
    ].join('\n');
    expect(listeningInodes(table, 9092)).toEqual(['4711']);
    expect(listeningInodes(table, 80)).toEqual(['4713']);
    expect(listeningInodes(table, 2384)).toEqual([]);
    expect(parseLsof('p4711\ncjava\nf120\n')).toEqual({ pid: 4711, command: 'java' });
    expect(parseLsof('')).toBeUndefined();
  });
});

describe('the state directory', () => {
  test('two names of it are one', async () => {
    symlinkSync(directory, join(directory, 'link'));
    expect(await canonicalPath(join(directory, 'link', 'a', 'b'))).toBe(join(directory, 'a', 'b'));
  });

  test('one that cannot be used is named, with the way out', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const engine = await connectProcessEngine({ PATH: '', KCLUSTER_STATE: file });
    const definition = brokerService(1, 2);
    const context = { signal: new AbortController().signal, emit: () => undefined };
    const step = { kind: 'create-node', service: 'broker-1', definition } as const;
    await expect(engine.perform('demo', step, context)).rejects.toMatchObject({
      kind: 'startFailed',
      message: `cannot use the state directory ${file}: a part of the path is a file`,
      hints: [expect.stringContaining('KCLUSTER_STATE')],
    });
    await expect(engine.observe('demo')).rejects.toMatchObject({ kind: 'startFailed' });
  });

  test('the diagnosis names what lacks, and makes nothing', async () => {
    const env = { PATH: '', KCLUSTER_STATE: join(directory, 's'), KCLUSTER_CACHE: directory };
    expect(await diagnoseProcesses(env)).toMatchObject([
      { name: 'Java', level: 'fail', mend: expect.stringContaining('JAVA_HOME') as string },
      { name: 'state directory', level: 'ok', detail: join(directory, 's') },
      { name: 'jars', level: 'warn' },
    ]);
  });

  test('a network step is a bug of the caller', async () => {
    const engine = await connectProcessEngine({ PATH: '', KCLUSTER_STATE: directory });
    const context = { signal: new AbortController().signal, emit: () => undefined };
    const step = { kind: 'create-network', network: 'default' } as const;
    await expect(engine.perform('demo', step, context)).rejects.toThrow('no networks');
    await expect(engine.observe('../demo')).rejects.toThrow('not a name');
  });
});
