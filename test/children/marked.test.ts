import { execa } from 'execa';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { endMarked, markedProcesses, parseMarked } from '../../src/children/marked.js';

const signal = new AbortController().signal;
const started: { kill: (signal: NodeJS.Signals) => boolean }[] = [];
afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

/** A shell script that has the mark, once it has said `ready`. */
async function start(script: string, mark: string) {
  const child = execa('sh', ['-c', script], {
    env: { KCLUSTER_RUN: mark },
    reject: false,
    stdin: 'ignore',
  });
  started.push(child);
  await once(child.stdout, 'data');
  return { child };
}

describe.skipIf(process.platform !== 'linux')('processes with a mark', { timeout: 40_000 }, () => {
  it('are found with their children, and those with another mark are not', async () => {
    const mark = newMark();
    const { child } = await start('sleep 60 & echo ready; wait', mark);
    const { child: other } = await start('echo ready; exec sleep 60', `${mark}0`);
    const found = await markedProcesses(mark);
    expect(found).toHaveLength(2);
    expect(found).toContain(child.pid);
    await endMarked(mark, signal);
    expect((await child).signal).toBe('SIGTERM');
    expect(await markedProcesses(mark)).toEqual([]);
    expect(await markedProcesses(`${mark}0`)).toEqual([other.pid]);
  });

  it('may take their time to end', async () => {
    const mark = newMark();
    const { child } = await start(
      'trap "sleep 1; exit 3" TERM; echo ready; while :; do sleep 0.1; done',
      mark,
    );
    await endMarked(mark, signal);
    expect((await child).exitCode).toBe(3);
  });

  it('are killed when they do not end, also those that they still start', async () => {
    const mark = newMark();
    const { child } = await start(
      'trap "" TERM; echo ready; while :; do sleep 0.05 & sleep 0.05; done',
      mark,
    );
    await endMarked(mark, signal);
    expect((await child).signal).toBe('SIGKILL');
    expect(await markedProcesses(mark)).toEqual([]);
  });

  it('are asked even when they are stopped', async () => {
    const mark = newMark();
    const { child } = await start('trap "exit 4" TERM; echo ready; kill -STOP $$; sleep 60', mark);
    await endMarked(mark, signal);
    expect((await child).exitCode).toBe(4);
  });

  it('are not this one, nor any where there is none', async () => {
    expect(await markedProcesses(newMark())).toEqual([]);
    const begin = performance.now();
    await endMarked(newMark(), signal);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('are not waited for when the signal aborts', async () => {
    const mark = newMark();
    await start('trap "" TERM; echo ready; while :; do sleep 1; done', mark);
    await expect(endMarked(mark, AbortSignal.timeout(500))).rejects.toThrow('interrupted');
  });
});

it('what ps shows is read by user and by whole words', () => {
  const output = [
    '  501   100 sleep 60 PATH=/bin KCLUSTER_RUN=a1 HOME=/root',
    '  501   101 sleep 60 KCLUSTER_RUN=a12',
    '  501   102 sh -c echo XKCLUSTER_RUN=a1',
    '  502   103 sleep 60 KCLUSTER_RUN=a1',
    '    0     1 /sbin/launchd',
    '',
  ].join('\n');
  expect(parseMarked(output, 501, 'KCLUSTER_RUN=a1')).toEqual([100]);
});

function newMark(): string {
  return randomBytes(16).toString('hex');
}
