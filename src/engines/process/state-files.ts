import { mkdir, realpath, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, KclusterError, messageOf } from '../../errors.js';
import { ownerOnly } from '../../system/files.js';

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
