import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bootTime, linuxTable } from '../../../src/engines/process/linux-table.js';
import {
  directoryOfArguments,
  directoryOfCommand,
  markerOf,
} from '../../../src/engines/process/marker.js';
import { parsePs } from '../../../src/engines/process/ps-table.js';
import { parseProcStat } from '../../../src/system/proc-stat.js';

let proc: string;

beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'kcluster-proc-'));
  writeFileSync(join(proc, 'stat'), 'cpu  1 2 3\nbtime 1795476667\nprocesses 4\n');
});
afterEach(() => rmSync(proc, { recursive: true }));

function statLine(pid: number, state: string, start: number, command = 'java'): string {
  return `${pid} (${command}) ${state} 1 ${pid} ${pid} 0 -1 4194304 1 0 0 0 5 6 0 0 20 0 31 0 ${start} 99 88 1844\n`;
}

function addProcess(pid: number, args: string[], state: string, start: number): void {
  mkdirSync(join(proc, String(pid)), { recursive: true });
  writeFileSync(join(proc, String(pid), 'cmdline'), args.map((each) => `${each}\0`).join(''));
  writeFileSync(join(proc, String(pid), 'stat'), statLine(pid, state, start));
}

const marker = markerOf('/state/clusters/a/nodes/broker-1');

test('/proc: finds JVMs with a marker that live', async () => {
  addProcess(10, ['/usr/bin/java', marker, '-cp', 'x.jar', 'kafka.Kafka'], 'S', 250);
  addProcess(11, ['java', marker, 'kafka.Kafka'], 'T', 300);
  addProcess(12, ['/usr/bin/java', marker], 'Z', 300);
  addProcess(13, ['grep', marker], 'S', 300);
  addProcess(14, ['sh', '-c', `java ${marker}`], 'S', 300);
  addProcess(15, [], 'S', 300);
  addProcess(16, ['/usr/bin/java', '-jar', marker], 'S', 300);
  mkdirSync(join(proc, '17'));
  expect(await linuxTable(proc).nodes()).toEqual([
    {
      pid: 10,
      start: '250',
      startedAt: 1795476667_000 + 2500,
      frozen: false,
      directory: '/state/clusters/a/nodes/broker-1',
    },
    expect.objectContaining({ pid: 11, frozen: true }),
  ]);
});

test('/proc: a process is the same only with its start time and its node', async () => {
  const table = linuxTable(proc);
  addProcess(10, ['java', marker], 'S', 250);
  const [node] = await table.nodes();
  expect(await table.now(node!)).toEqual(node);
  expect(table.isAlive(node!)).toBe(true);
  addProcess(10, ['java', marker], 'S', 251);
  expect(await table.now(node!)).toBeUndefined();
  expect(table.isAlive(node!)).toBe(false);
  addProcess(10, ['java', markerOf('/elsewhere')], 'S', 250);
  expect(await table.now(node!)).toBeUndefined();
  addProcess(10, ['java', marker], 'Z', 250);
  expect(table.isAlive(node!)).toBe(false);
  rmSync(join(proc, '10'), { recursive: true });
  expect(await table.now(node!)).toBeUndefined();
  expect(table.isAlive(node!)).toBe(false);
});

test('/proc/PID/stat: a command may hold blanks and parentheses', () => {
  expect(parseProcStat(statLine(7, 'S', 42, 'a) S (b c'))).toEqual({
    command: 'a) S (b c',
    startTicks: 42,
    ended: false,
    frozen: false,
  });
  expect(parseProcStat('')).toBeUndefined();
  expect(parseProcStat('7 (java) S 1')).toBeUndefined();
  expect(bootTime('no such line')).toBe(0);
});

test('ps: finds JVMs with a marker of one user that live', () => {
  const lines = [
    `  501   321 Ss   Tue Nov 24 00:10:44 2026 /Library/Java/a b/bin/java ${marker} -cp x.jar kafka.Kafka`,
    `  501 99321 T    Sun Nov  1 10:00:00 2026 java ${markerOf('/Users/me/my state/n')} -cp x`,
    `  501   322 Z    Tue Nov 24 00:10:44 2026 java ${marker}`,
    `    0   323 S    Tue Nov 24 00:10:44 2026 java ${marker}`,
    `  501   324 S+   Tue Nov 24 00:10:44 2026 grep java ${marker.slice(0, 10)}`,
    `  501   325 S+   Tue Nov 24 00:10:44 2026 grep ${marker}`,
    `  501   326 R    Tue Nov 24 00:10:44 2026 ps -ax`,
    '',
  ];
  expect(parsePs(lines.join('\n'), 501)).toEqual([
    {
      pid: 321,
      start: 'Tue Nov 24 00:10:44 2026',
      startedAt: Date.UTC(2026, 10, 24, 0, 10, 44),
      frozen: false,
      directory: '/state/clusters/a/nodes/broker-1',
    },
    {
      pid: 99321,
      start: 'Sun Nov  1 10:00:00 2026',
      startedAt: Date.UTC(2026, 10, 1, 10),
      frozen: true,
      directory: '/Users/me/my state/n',
    },
  ]);
});

test('a marker is read back for any directory', () => {
  const path = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !text.includes('\0'))
    .map((text) => `/${text}`);
  fc.assert(
    fc.property(path, (directory) => {
      expect(directoryOfArguments(['/usr/bin/java', markerOf(directory), 'x'])).toBe(directory);
      expect(directoryOfCommand(`/usr/bin/java ${markerOf(directory)} x`)).toBe(directory);
    }),
  );
  expect(directoryOfArguments(['java', '-Dkcluster.node=%'])).toBeUndefined();
});
