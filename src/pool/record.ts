import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineName } from '../cluster/engine.js';
import { codeOf } from '../errors.js';
import type { SpecTree } from '../spec/path.js';
import { stateDirectory } from '../system/directories.js';
import { namesIn, writeWhole } from '../system/files.js';

/** How many clusters of what shape wait for whoever has this state directory. */
export interface PoolRecord {
  /**
   * Of no other pool, whatever its state directory and its machine: the leases of its clusters have it, and so nobody takes
   * from a daemon that others use too what waits for them.
   */
  id: string;
  size: number;
  engine: EngineName;
  /** The whole specification, for whoever fills the pool. */
  spec: SpecTree;
  /** The specification's file's directory, or the working directory: what paths in it are relative to. */
  directory: string;
  /** How long a cluster waits to be taken, in milliseconds. */
  waitMs: number;
  /** Seconds that each may take to be ready. */
  timeout: number;
  /** How long ZooKeeper keeps a broker's session without hearing of it, in milliseconds. */
  sessionMs: number;
  /** What it is, for people. */
  words: string;
  /** Why the last attempt to fill it has failed. */
  failure?: string;
}

/** Undefined where there is no such pool. */
export async function readPool(
  env: NodeJS.ProcessEnv,
  key: string,
): Promise<PoolRecord | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(env, key), 'utf8')) as PoolRecord;
  } catch (error) {
    // A file that a crash left empty is one of no pool.
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export async function writePool(
  env: NodeJS.ProcessEnv,
  key: string,
  record: PoolRecord,
): Promise<void> {
  await mkdir(directoryOf(env), { recursive: true, mode: 0o700 });
  await writeWhole(fileOf(env, key), JSON.stringify(record));
}

export async function removePool(env: NodeJS.ProcessEnv, key: string): Promise<void> {
  await rm(fileOf(env, key), { force: true });
}

/** The keys of all pools of this state directory. */
export async function poolKeys(env: NodeJS.ProcessEnv): Promise<string[]> {
  const names = await namesIn(directoryOf(env));
  return names.filter((name) => /^[0-9a-f]+\.json$/.test(name)).map((name) => name.slice(0, -5));
}

/** All pools of this state directory, by key. */
export async function allPools(env: NodeJS.ProcessEnv): Promise<Map<string, PoolRecord>> {
  const keys = await poolKeys(env);
  const read = await Promise.all(keys.map(async (key) => [key, await readPool(env, key)] as const));
  return new Map(read.flatMap(([key, record]) => (record ? [[key, record] as const] : [])));
}

function fileOf(env: NodeJS.ProcessEnv, key: string): string {
  return join(directoryOf(env), `${key}.json`);
}

function directoryOf(env: NodeJS.ProcessEnv): string {
  return join(stateDirectory(env), 'pools');
}
