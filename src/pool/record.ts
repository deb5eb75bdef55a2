import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineName } from '../cluster/engine.js';
import { codeOf } from '../errors.js';
import type { SpecTree } from '../spec/path.js';
import { stateDirectory } from '../system/directories.js';
import { namesIn, writeWhole } from '../system/files.js';

/** How many clusters of what shape wait on this machine. */
export interface PoolRecord {
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
  /** What it is, for people. */
  words: string;
  /** Why the last attempt to fill it in the background has failed. */
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

/** The keys of all pools of this machine. */
export async function poolKeys(env: NodeJS.ProcessEnv): Promise<string[]> {
  const names = await namesIn(directoryOf(env));
  return names.filter((name) => /^[0-9a-f]+\.json$/.test(name)).map((name) => name.slice(0, -5));
}

function fileOf(env: NodeJS.ProcessEnv, key: string): string {
  return join(directoryOf(env), `${key}.json`);
}

function directoryOf(env: NodeJS.ProcessEnv): string {
  return join(stateDirectory(env), 'pools');
}
