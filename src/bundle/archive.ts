import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { codeOf, KclusterError, messageOf } from '../errors.js';
import type { Entry } from './collect.js';

const compress = promisify(gzip);
const ownerOnly = 0o600;

/** A tar.gz of the entries in one directory, which only their owner may read. */
export async function tarGz(
  directory: string,
  entries: readonly Entry[],
  mtime: Date,
): Promise<Buffer> {
  const archive = pack();
  for (const { path, content } of entries)
    archive.entry({ name: `${directory}/${path}`, mode: ownerOnly, mtime }, content);
  archive.finalize();
  return await compress(await buffer(archive));
}

/** `kcluster-NAME-20260131T235959`, in UTC. */
export function archiveName(name: string, time: Date): string {
  const stamp = time.toISOString().replace(/[-:]|\..*$/g, '');
  return `kcluster-${name}-${stamp}`;
}

/**
 * Writes `STEM.tar.gz` into a directory, which is made if it is not there; where that name is taken, `STEM-2.tar.gz`
 * and so on. It has its name once it is complete.
 * @throws KclusterError `usage` for a directory that can't be written
 */
export async function writeArchive(
  directory: string,
  stem: string,
  content: Buffer,
): Promise<string> {
  const target = resolve(directory);
  const part = join(target, `.${stem}.${randomUUID().slice(0, 8)}.part`);
  try {
    await mkdir(target, { recursive: true });
    await writeFile(part, content, { flag: 'wx', mode: ownerOnly });
    const path = await takeName(target, stem);
    await rename(part, path);
    return path;
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw new KclusterError('usage', `${directory} can't be written: ${messageOf(error)}`, {
      hints: ['Name another directory with `--directory DIR`.'],
      cause: error,
    });
  }
}

/** A free name, held by an empty file. */
async function takeName(target: string, stem: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const path = join(target, `${stem}${number === 1 ? '' : `-${number}`}.tar.gz`);
    try {
      await (await open(path, 'wx', ownerOnly)).close();
      return path;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}
