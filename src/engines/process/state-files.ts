import { mkdir, open, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, KclusterError, messageOf } from '../../errors.js';

/** Directories and files of the state are for their owner only: a property may be a password. */
export const ownerOnly = { directory: 0o700, file: 0o600 } as const;

/** Codes of the file system that mean: take another directory, or mend this one. */
const unusable: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
};

/**
 * Does something with the state directory.
 * @throws KclusterError `startFailed` where the directory cannot be used
 */
export async function onState<T>(state: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = unusable[codeOf(error) ?? ''];
    if (why === undefined) throw error;
    throw new KclusterError('startFailed', `cannot use the state directory ${state}: ${why}`, {
      hints: ['Set KCLUSTER_STATE to a directory that you can write to.'],
      details: [messageOf(error)],
      cause: error,
    });
  }
}

export async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: ownerOnly.directory });
}

/** Writes a file as a whole: a crash leaves the old content or the new one. */
export async function writeWhole(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  const file = await open(temporary, 'w', ownerOnly.file);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** The entries of a directory, sorted; none when it is not there. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).toSorted();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Removes the directories that are empty, one after the other. */
export async function removeEmpty(...directories: string[]): Promise<void> {
  for (const directory of directories) {
    try {
      await rmdir(directory);
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}

export async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/**
 * The one true path of a directory that may not exist yet: two names of one directory must not make two nodes of
 * what is one.
 */
export async function canonicalPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) return path;
    return join(await canonicalPath(dirname(path)), basename(path));
  }
}
