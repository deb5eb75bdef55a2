import { execa } from 'execa';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { forgetDeadLocks, withProjectLock, type LockOptions } from '../../src/system/lock.js';
import { ownIdentity } from '../../src/system/process-identity.js';
import { compiled } from '../helpers/compiled.js';

let worker: { script: string; directory: string };
let directory: string;
const locks = (): string => join(directory, 'locks');

beforeAll(() => {
  worker = compiled(new URL('lock-worker.ts', import.meta.url));
});
afterAll(() => rmSync(worker.directory, { recursive: true }));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kcluster-lock-'));
  writeFileSync(join(directory, 'counter'), '0');
});
afterEach(() => rmSync(directory, { recursive: true }));

const nothing = (): Promise<void> => Promise.resolve();

function run(mode: string) {
  const child = execa('node', [worker.script, directory, mode], { reject: false });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += String(chunk)));
  /** Resolves when the worker has said the word. */
  const says = async (word: string): Promise<void> => {
    while (!said.includes(word)) await once(child.stdout, 'data');
  };
  return { child, says };
}

function options(over: Partial<LockOptions> = {}): LockOptions {
  return {
    directory: locks(),
    project: 'demo',
    signal: AbortSignal.timeout(20_000),
    onWait: () => undefined,
    ...over,
  };
}

test('twenty processes that contend count to twenty', { timeout: 60_000 }, async () => {
  const results = await Promise.all(Array.from({ length: 20 }, () => run('count').child));
  expect(results.map(({ stderr }) => stderr).join('')).toBe('');
  expect(readFileSync(join(directory, 'counter'), 'utf8')).toBe('20');
  expect(readdirSync(locks())).toEqual([]);
});

test('the lock of a killed process is taken over by one of many', { timeout: 60_000 }, async () => {
  const holder = run('hold');
  await holder.says('held');
  const waiters = Array.from({ length: 8 }, () => run('count'));
  await Promise.all(waiters.map(({ says }) => says('waiting')));
  expect(readFileSync(join(directory, 'counter'), 'utf8')).toBe('0');
  holder.child.kill('SIGKILL');
  await Promise.all(waiters.map(({ child }) => child));
  expect(readFileSync(join(directory, 'counter'), 'utf8')).toBe('8');
  expect(readdirSync(locks())).toEqual([]);
});

test('a waiter that is killed blocks nobody, and its file goes', { timeout: 60_000 }, async () => {
  const holder = run('hold');
  await holder.says('held');
  const waiter = run('count');
  await waiter.says('waiting');
  waiter.child.kill('SIGKILL');
  await waiter.child;
  holder.child.kill('SIGKILL');
  await withProjectLock(options(), () => {
    expect(readdirSync(locks())).toEqual(['demo.lock']);
    return nothing();
  });
  expect(readdirSync(locks())).toEqual([]);
});

test('waiting names the holder once and ends on abort', async () => {
  const holder = run('hold');
  await holder.says('held');
  const waitedFor: number[] = [];
  const abort = new AbortController();
  const wait = withProjectLock(
    options({
      signal: abort.signal,
      onWait: ({ pid }) => {
        waitedFor.push(pid);
        setTimeout(() => abort.abort(), 200);
      },
    }),
    () => Promise.reject(new Error('the body ran')),
  );
  await expect(wait).rejects.toMatchObject({ kind: 'interrupted' });
  expect(waitedFor).toEqual([holder.child.pid]);
  expect(readdirSync(locks())).toEqual(['demo.lock']);
  holder.child.kill('SIGKILL');
});

test('a pid that another process got since is no holder', async () => {
  await withProjectLock(options(), nothing);
  const stale = { pid: process.ppid, start: '1.other-boot', token: 'gone', command: 'kcluster up' };
  writeFileSync(join(locks(), 'demo.lock'), JSON.stringify(stale));
  let ran = false;
  await withProjectLock(options(), () => Promise.resolve(void (ran = true)));
  expect(ran).toBe(true);
});

test('a claimant that died during its takeover is replaced, and its files go', async () => {
  await withProjectLock(options(), nothing);
  const dead = (token: string) =>
    JSON.stringify({ pid: 1, start: '1.other-boot', token, command: 'kcluster up' });
  writeFileSync(join(locks(), 'demo.lock'), dead('aaaaaaaaaaaaaaaa'));
  writeFileSync(join(locks(), 'demo.claim-aaaaaaaaaaaaaaaa'), dead('bbbbbbbbbbbbbbbb'));
  writeFileSync(join(locks(), 'demo.temp-1-1.other-boot-bbbbbbbbbbbbbbbb'), '');
  await withProjectLock(options(), () => {
    expect(readdirSync(locks())).toEqual(['demo.lock']);
    return nothing();
  });
  expect(readdirSync(locks())).toEqual([]);
});

test('an unreadable lock file, as a power failure leaves it, is taken over', async () => {
  await withProjectLock(options(), nothing);
  writeFileSync(join(locks(), 'demo.lock'), '');
  await withProjectLock(options(), nothing);
  expect(readdirSync(locks())).toEqual([]);
});

test('projects do not wait for each other, and a failing body releases', async () => {
  const onWait = (): void => expect.unreachable();
  await withProjectLock(options({ onWait }), async () => {
    await withProjectLock(options({ project: 'other', onWait }), nothing);
  });
  const failing = withProjectLock(options(), () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(readdirSync(locks())).toEqual([]);
});

test('a directory that cannot be made is named', async () => {
  const blocked = join(directory, 'counter', 'locks');
  await expect(withProjectLock(options({ directory: blocked }), nothing)).rejects.toMatchObject({
    kind: 'startFailed',
    message: expect.stringContaining(blocked) as string,
  });
});

test('the own identity is stable', () => {
  expect(ownIdentity()).toEqual(ownIdentity());
});

test('what a killed process has left is forgotten, what a living one has is not', async () => {
  const dead = run('hold');
  await dead.says('held');
  dead.child.kill('SIGKILL');
  await dead.child;
  await withProjectLock(options({ project: 'other' }), async () => {
    await forgetDeadLocks(locks());
    expect(readdirSync(locks())).toEqual(['other.lock']);
  });
  expect(readdirSync(locks())).toEqual([]);
});
