import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startInBackground } from '../children/background.js';
import type { Engine, EngineName } from '../cluster/engine.js';
import { stateDirectory } from '../system/directories.js';
import { isAlive, ownIdentity, type ProcessIdentity } from '../system/process-identity.js';
import { withStateLock } from '../system/state-lock.js';

/** Which leases a reaper watches: those of one engine. */
export interface Watched {
  engine: Pick<Engine, 'name' | 'description'>;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** The words after which `kcluster` is a reaper. */
const reaperWord = 'reaper';

/**
 * Sees to it that a process of this machine watches the leases of an engine; for before a lease is granted and after it.
 * One that is started lives until this process has ended and there is no lease any more.
 */
export async function ensureReaper(watched: Watched): Promise<void> {
  if (isAliveReaper(await registered(watched))) return;
  await whileNobodyRegisters(watched, async () => {
    if (isAliveReaper(await registered(watched))) return;
    const { name } = watched.engine;
    const { pid, start } = ownIdentity();
    const reaper = await startInBackground([reaperWord, name, String(pid), start], watched.env);
    if (reaper) await register(watched, reaper);
  });
}

/** Registers this process; false when another one watches these leases. */
export async function registerThis(watched: Watched): Promise<boolean> {
  return await whileNobodyRegisters(watched, async () => {
    const other = await registered(watched);
    if (isAliveReaper(other) && other?.pid !== process.pid) return false;
    await register(watched, ownIdentity());
    return true;
  });
}

/**
 * Ends this process's registration when there is nothing to watch. Whoever grants a lease looks for a reaper after it,
 * so that either this look sees the lease, or that one sees no reaper.
 * @param isIdle whether there is no lease
 * @returns whether it has ended
 */
export async function leave(watched: Watched, isIdle: () => Promise<boolean>): Promise<boolean> {
  return await whileNobodyRegisters(watched, async () => {
    if (!(await isIdle())) return false;
    await rm(fileOf(watched), { force: true });
    return true;
  });
}

/** Removes the registrations of reapers that were killed. */
export async function forgetDeadReapers(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  for (const key of await readdir(directoryOf(env)).catch(() => [])) {
    const file = join(directoryOf(env), key);
    if (isAliveReaper(await readReaper(file))) continue;
    await whileNobodyWrites(key, { env, signal }, async () => {
      if (!isAliveReaper(await readReaper(file))) await rm(file, { force: true });
    });
  }
}

function isAliveReaper(reaper: ProcessIdentity | undefined): boolean {
  return reaper !== undefined && isAlive(reaper);
}

async function registered(watched: Watched): Promise<ProcessIdentity | undefined> {
  return await readReaper(fileOf(watched));
}

async function readReaper(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
  } catch {
    // None, or one whose writing was cut short: as good as none.
    return undefined;
  }
}

async function register(watched: Watched, reaper: ProcessIdentity): Promise<void> {
  await mkdir(directoryOf(watched.env), { recursive: true, mode: 0o700 });
  await writeFile(fileOf(watched), JSON.stringify(reaper), { mode: 0o600 });
}

async function whileNobodyRegisters<T>(watched: Watched, body: () => Promise<T>): Promise<T> {
  return await whileNobodyWrites(keyOf(watched), watched, body);
}

async function whileNobodyWrites<T>(
  key: string,
  how: Pick<Watched, 'env' | 'signal'>,
  body: () => Promise<T>,
): Promise<T> {
  return await withStateLock(`.reaper-${key}`, how, body);
}

function fileOf(watched: Watched): string {
  return join(directoryOf(watched.env), keyOf(watched));
}

function directoryOf(env: NodeJS.ProcessEnv): string {
  return join(stateDirectory(env), 'reapers');
}

/** `docker-1f3a...`: a daemon that is another one has another reaper. */
function keyOf({ engine: { name, description } }: Watched): `${EngineName}-${string}` {
  return `${name}-${createHash('sha256').update(description).digest('hex').slice(0, 12)}`;
}
