import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { codeOf } from '../errors.js';
import type { Jar } from './lock.js';

/**
 * What was verified, by path in the cache. A file whose size and change time are the same has not been written
 * to since: no program can set a change time back. Hashing the jars takes 50 to 100 ms, this 3 ms.
 */
export type Stamps = Map<string, { sha256: string; size: number; changed: number }>;

/** `missing`: not there. `corrupt`: there, with another content than the pinned one. */
export type FileState = 'intact' | 'missing' | 'corrupt';

/** What a file of the cache has to be. */
export type PinnedFile = Pick<Jar, 'path' | 'sha256' | 'size'>;

/** The state of one file, such as a jar; an intact one is entered into the stamps. */
export async function verifyFile(
  file: string,
  jar: PinnedFile,
  stamps: Stamps,
): Promise<FileState> {
  const before = await statIfThere(file);
  if (before === undefined) return 'missing';
  if (before.size !== jar.size) return 'corrupt';
  const stamp = stamps.get(jar.path);
  if (
    stamp?.sha256 === jar.sha256 &&
    stamp.size === before.size &&
    stamp.changed === before.ctimeMs
  )
    return 'intact';
  if ((await sha256Of(file)) !== jar.sha256) return 'corrupt';
  stamps.set(jar.path, { sha256: jar.sha256, size: before.size, changed: before.ctimeMs });
  return 'intact';
}

/** In lower-case hex. */
export async function sha256Of(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** No stamps when there is no file of them, or one that is not readable: then everything is hashed again. */
export async function readStamps(file: string): Promise<Stamps> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(file, 'utf8')) as object));
  } catch {
    return new Map();
  }
}

/** Kept in the next run's interest only: a cache that cannot be written to works as well without. */
export async function writeStamps(file: string, stamps: Stamps): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, JSON.stringify(Object.fromEntries(stamps)));
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function statIfThere(file: string): Promise<{ size: number; ctimeMs: number } | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
