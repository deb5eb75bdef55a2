import { randomBytes } from 'node:crypto';
import { access, constants, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, KclusterError } from '../errors.js';
import { unwritable } from './files.js';

/**
 * Finds out, without a trace, whether a file that the user has named can be written as a whole; one that is there may
 * be replaced.
 * @throws KclusterError `usage` for a path that can't be written
 */
export async function assertWritable(path: string): Promise<void> {
  const file = await targetOf(path);
  try {
    const there = await statsOf(file);
    await access(dirname(file), constants.W_OK | constants.X_OK);
    if (there?.isFile()) await access(file, constants.W_OK);
    else if (there) throw new KclusterError('usage', `${path} can't be written: it is no file`);
  } catch (error) {
    throw error instanceof KclusterError ? error : unwritable(path, error);
  }
}

/**
 * Writes a file that the user has named: whoever reads it sees the old content or the new one.
 * @throws KclusterError `usage` for a path that can't be written
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const file = await targetOf(path);
  const draft = join(dirname(file), `.kcluster-${randomBytes(8).toString('hex')}`);
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw unwritable(path, error);
  }
}

/** A link stays one: what it leads to is replaced. */
async function targetOf(path: string): Promise<string> {
  return await realpath(path).catch(() => resolve(path));
}

async function statsOf(file: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
