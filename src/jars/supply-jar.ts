import { copyFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dispatcher } from 'undici';
import { interrupted } from '../errors.js';
import { pause } from '../system/abort.js';
import { homeDirectory } from '../system/directories.js';
import { downloadRest } from './download.js';
import { DownloadError, downloadFailed, onDisk } from './failures.js';
import type { Jar } from './lock.js';
import { claimPart, discardPart, partSize, releasePart } from './part.js';
import type { MavenRepository } from './repository.js';
import { sha256Of, verifyFile, type Stamps } from './verify.js';

/** Milliseconds before each further try, after a failure that may pass. */
const backoff = [250, 500, 1000, 2000];

export interface Supply {
  /** Root of the jars in the cache. */
  directory: string;
  stamps: Stamps;
  env: NodeJS.ProcessEnv;
  repository: MavenRepository;
  dispatcher: Dispatcher;
  signal: AbortSignal;
  /** Is told how many bytes of a jar are there. */
  onBytes: (jar: Jar, bytes: number) => void;
}

/**
 * Brings one jar into the cache: verified first, then renamed, so that no other content ever has its name.
 * @throws KclusterError `startFailed` when it cannot be had; `interrupted` on abort. The part stays for the next.
 */
export async function supplyJar(jar: Jar, supply: Supply): Promise<void> {
  const file = join(supply.directory, jar.path);
  const disk = <T>(work: () => Promise<T>): Promise<T> => onDisk(supply.directory, work);
  if (supply.signal.aborted) throw interrupted();
  const part = await disk(() => claimPart(file));
  try {
    const copied = await disk(() => copyFromMaven(jar, part, supply.env));
    if (!copied) await downloadVerified(jar, part, supply);
    supply.onBytes(jar, jar.size);
    await disk(() => install(jar, part, file, supply.stamps));
  } catch (error) {
    await releasePart(part, file).catch(() => undefined);
    throw error;
  }
}

async function install(jar: Jar, part: string, file: string, stamps: Stamps): Promise<void> {
  // Another process may have been faster, and a JVM of its cluster may have the file open.
  if ((await verifyFile(file, jar, stamps)) === 'intact') {
    await discardPart(part);
    return;
  }
  await rename(part, file);
  await verifyFile(file, jar, stamps);
}

/** What Maven has fetched on this machine need not be fetched again, if it is the pinned content. */
async function copyFromMaven(jar: Jar, part: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const home = homeDirectory(env);
  if (home === undefined) return false;
  const file = join(home, '.m2', 'repository', jar.path);
  try {
    if ((await stat(file)).size !== jar.size || (await sha256Of(file)) !== jar.sha256) return false;
  } catch {
    return false;
  }
  await copyFile(file, part);
  return (await sha256Of(part)) === jar.sha256;
}

async function downloadVerified(jar: Jar, part: string, supply: Supply): Promise<void> {
  const { repository, signal } = supply;
  const url = `${repository.shown}/${jar.path}`;
  for (let failures = 0; ; failures++) {
    try {
      await tryOnce(jar, url, part, supply);
      return;
    } catch (error) {
      if (signal.aborted) throw interrupted();
      if (!(error instanceof DownloadError)) throw error;
      const wait = backoff[failures];
      if (!error.transient || wait === undefined) {
        throw downloadFailed(jar.coordinates, url, repository, error);
      }
      await pause(wait, signal);
    }
  }
}

async function tryOnce(jar: Jar, url: string, part: string, supply: Supply): Promise<void> {
  const { directory, repository, dispatcher, signal } = supply;
  const disk = <T>(work: () => Promise<T>): Promise<T> => onDisk(directory, work);
  const resumed = (await disk(() => partSize(part))) > 0;
  await downloadRest({
    url,
    authorization: repository.authorization,
    size: jar.size,
    part,
    dispatcher,
    signal,
    onBytes: (bytes) => supply.onBytes(jar, bytes),
    onDisk: disk,
  });
  const sha256 = await disk(() => sha256Of(part));
  if (sha256 === jar.sha256) return;
  await disk(() => discardPart(part));
  // What an earlier run left may have been wrong; what has just come whole is what the server has.
  throw new DownloadError(`its SHA-256 is ${sha256}, not the pinned ${jar.sha256}`, resumed);
}
