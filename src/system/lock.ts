import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, interrupted, KclusterError, messageOf } from '../errors.js';
import { namesIn } from './files.js';
import { pause } from './abort.js';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js';

export interface LockOptions {
  /** Where lock files are; it is made when missing. */
  directory: string;
  project: string;
  /** Ends the wait, not the body. */
  signal: AbortSignal;
  /** Called once for every holder that is waited for. */
  onWait(holder: { pid: number; command: string }): void;
}

/** Who holds a lock or a claim. The token is unique: one for every acquisition. */
interface Holder extends ProcessIdentity {
  token: string;
  command: string;
}

const pollMs = 50;

/**
 * Runs the body while no other process of this machine runs one for the project.
 *
 * The lock is a file that `link(2)` makes with its content, so it is never seen half written. A holder that died
 * without releasing it is known by its pid and start time. To replace its file one must first `link` the claim on
 * that holder's token, which one process only can do; a claimant that died is replaced by the same rule. What a
 * dead process leaves is removed by the next holder.
 * @throws KclusterError `interrupted` when the signal aborts during the wait; `startFailed` when the directory
 * cannot be written.
 */
export async function withProjectLock<T>(options: LockOptions, body: () => Promise<T>): Promise<T> {
  const base = join(options.directory, encodeURIComponent(options.project));
  const self = newHolder();
  const files = filesOf(base, self);
  try {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    await writeFile(files.own, JSON.stringify(self), { mode: 0o600 });
    await acquire(files, self, options);
  } catch (error) {
    await rm(files.own, { force: true }).catch(() => undefined);
    throw unusable(error, options.directory);
  }
  try {
    await removeRemains(options.directory, base);
    return await body();
  } finally {
    await rm(files.lock, { force: true });
  }
}

/**
 * Removes what processes that died have left of the locks in a directory, as their next holders would; for those that may
 * never have one.
 */
export async function forgetDeadLocks(directory: string): Promise<void> {
  const names = await namesIn(directory);
  const locks = new Set(
    names.flatMap((name) => /^(.+)\.(?:lock$|claim-|temp-)/.exec(name)?.[1] ?? []),
  );
  for (const lock of locks) {
    const isOurs = (name: string): boolean => name.startsWith(`${lock}.temp-`);
    // Somebody is about to take it, and will do the same.
    if (names.filter(isOurs).some((name) => isAliveOwner(name.slice(`${lock}.temp-`.length))))
      continue;
    await forgetDead(directory, join(directory, lock));
  }
}

async function forgetDead(directory: string, base: string): Promise<void> {
  const holder = await readHolder(`${base}.lock`);
  if (holder && isAlive(holder)) return;
  const self = newHolder();
  const files = filesOf(base, self);
  try {
    await writeFile(files.own, JSON.stringify(self), { mode: 0o600 });
    if ((await takeOrSeeHolder(files, self)) !== 'taken') return;
    await removeRemains(directory, base);
    await rm(files.lock, { force: true });
  } finally {
    await rm(files.own, { force: true });
  }
}

function newHolder(): Holder {
  return {
    ...ownIdentity(),
    token: randomBytes(8).toString('hex'),
    command: ['kcluster', ...process.argv.slice(2)].join(' '),
  };
}

function filesOf(base: string, { pid, start, token }: Holder): Files {
  return {
    lock: `${base}.lock`,
    claimOn: (claimed) => `${base}.claim-${claimed}`,
    own: `${base}.temp-${pid}-${start}-${token}`,
  };
}

interface Files {
  lock: string;
  claimOn(token: string): string;
  /** This process's file, which becomes the lock; its name tells whose it is even before its content does. */
  own: string;
}

async function acquire(files: Files, self: Holder, options: LockOptions): Promise<void> {
  let waitsFor = '';
  for (;;) {
    if (options.signal.aborted) throw interrupted();
    const holder = await takeOrSeeHolder(files, self);
    if (holder === 'taken') return;
    if (holder === 'changed') continue;
    if (holder.token !== waitsFor) options.onWait({ pid: holder.pid, command: holder.command });
    waitsFor = holder.token;
    await pause(pollMs, options.signal);
  }
}

async function takeOrSeeHolder(files: Files, self: Holder): Promise<Holder | 'taken' | 'changed'> {
  if (await linked(files.own, files.lock)) {
    await rm(files.own);
    return 'taken';
  }
  const dead = await readHolder(files.lock);
  if (!dead) return 'changed';
  if (isAlive(dead)) return dead;
  return await takeOver(dead, files, self);
}

/** Follows the claims on a dead holder to the first that is alive, or that is still to be had. */
async function takeOver(
  dead: Holder,
  files: Files,
  self: Holder,
): Promise<Holder | 'taken' | 'changed'> {
  for (let last = dead; ;) {
    const claim = files.claimOn(last.token);
    if (await linked(files.own, claim)) return await replaceLock(dead, claim, files, self);
    const claimant = await readHolder(claim);
    if (!claimant) return 'changed';
    if (isAlive(claimant)) return claimant;
    last = claimant;
  }
}

/** A claim may come too late: its holder's lock may be gone, and then it gives no right. */
async function replaceLock(
  dead: Holder,
  claim: string,
  files: Files,
  self: Holder,
): Promise<'taken' | 'changed'> {
  if ((await readHolder(files.lock))?.token !== dead.token) {
    await rm(claim, { force: true });
    return 'changed';
  }
  // rename(2) does nothing when both names are links to one file, so what is renamed is a file of its own.
  const fresh = `${files.own}-lock`;
  await writeFile(fresh, JSON.stringify(self), { mode: 0o600 });
  await rename(fresh, files.lock);
  await rm(files.own, { force: true });
  return 'taken';
}

/** Removes, as the holder, every claim (none matters while the holder lives) and the files of dead processes. */
async function removeRemains(directory: string, base: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (path.startsWith(`${base}.claim-`)) await rm(path, { force: true });
    if (!path.startsWith(`${base}.temp-`)) continue;
    if (!isAliveOwner(path.slice(`${base}.temp-`.length))) await rm(path, { force: true });
  }
}

/** `rest`: what comes after `.temp-` in the name of a process's own file. */
function isAliveOwner(rest: string): boolean {
  const [, pid, start = ''] = /^(\d+)-(.+?)-[0-9a-f]{16}/.exec(rest) ?? [];
  return isAlive({ pid: Number(pid), start });
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when the file is gone; a file that a crash left empty counts as one of a dead process. */
async function readHolder(path: string): Promise<Holder | undefined> {
  let text;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: 0, start: '', token: 'unreadable', command: '' };
  }
}

function unusable(error: unknown, directory: string): unknown {
  const code = codeOf(error);
  if (error instanceof KclusterError || code === undefined) return error;
  return new KclusterError('startFailed', `cannot use ${directory}: ${messageOf(error)}`, {
    hints: ['Set KCLUSTER_STATE to a directory that you can write to.'],
    cause: error,
  });
}
