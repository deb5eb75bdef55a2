import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../errors.js';

/**
 * Part files: what was downloaded of a jar so far. While it grows it has a name of its own, so that two processes
 * never write to one file; when its download ends early it is renamed to `JAR.part`, for the next to go on with.
 */

/** A growing part is written to more often than this; an older one was left by a process that was killed. */
const abandonedAfterMs = 120_000;

/** Takes over what an earlier download left, if it left anything. Returns the part's name, which need not exist yet. */
export async function claimPart(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const own = `${file}.${randomUUID()}.part`;
  for (const left of await leftParts(file)) {
    try {
      // Of two processes that claim the same, one succeeds.
      await rename(left, own);
      return own;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
  return own;
}

/** Leaves a part for the next download to claim. */
export async function releasePart(part: string, file: string): Promise<void> {
  try {
    await rename(part, `${file}.part`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** The bytes of a part so far; 0 when there is none. */
export async function partSize(part: string): Promise<number> {
  try {
    return (await stat(part)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

export async function discardPart(part: string): Promise<void> {
  await rm(part, { force: true });
}

async function leftParts(file: string): Promise<string[]> {
  const released = `${file}.part`;
  const names = await readdir(dirname(file));
  const parts = names
    .filter((name) => name.startsWith(`${basename(file)}.`) && name.endsWith('.part'))
    .map((name) => join(dirname(file), name));
  const left = await Promise.all(parts.map(async (p) => p === released || (await isAbandoned(p))));
  return parts.filter((_, i) => left[i]);
}

async function isAbandoned(part: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(part)).mtimeMs > abandonedAfterMs;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
