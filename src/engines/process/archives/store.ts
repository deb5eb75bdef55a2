import { randomUUID } from 'node:crypto';
import { copyFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readStamps, sha256Of, verifyFile, writeStamps } from '../../../jars/verify.js';
import { cacheDirectory, readOnlyCache } from '../../../system/directories.js';
import { namesIn, ownerOnly } from '../../../system/files.js';
import { makeDirectory } from '../state-files.js';

/** How many archives of a class path are kept: one for each Java that is in use. */
const mostOfAClassPath = 3;
/** What could not be recorded is not tried again for so long. */
const retryMs = 24 * 3_600_000;

/**
 * The archive of a key, if there is one that is as it was written: a JVM may crash on one that is not.
 * @returns its absolute path
 */
export async function findArchive(
  env: NodeJS.ProcessEnv,
  key: string,
): Promise<string | undefined> {
  for (const cache of [cacheDirectory(env), readOnlyCache(env)]) {
    const directory = cache && archivesIn(cache);
    if (directory !== undefined && (await isIntact(directory, key))) return fileOf(directory, key);
  }
  return undefined;
}

/** Keeps an archive that a JVM has written, for the next ones; the oldest of too many goes. */
export async function keepArchive(
  env: NodeJS.ProcessEnv,
  key: string,
  recorded: string,
): Promise<void> {
  const directory = ownArchives(env);
  await makeDirectory(directory);
  const temporary = join(directory, `.${key}.${randomUUID()}`);
  try {
    await copyFile(recorded, temporary);
    const { size } = await stat(temporary);
    const sha256 = await sha256Of(temporary);
    await rename(temporary, fileOf(directory, key));
    const { ctimeMs: changed } = await stat(fileOf(directory, key));
    await writeStamps(stampOf(directory, key), new Map([[key, { sha256, size, changed }]]));
  } finally {
    await rm(temporary, { force: true });
  }
  await rm(tryOf(directory, key), { force: true });
  await removeOldest(directory, key);
}

/** Notes that an archive is about to be recorded: what fails of it is not tried at every start. */
export async function noteTry(env: NodeJS.ProcessEnv, key: string): Promise<void> {
  const directory = ownArchives(env);
  await makeDirectory(directory);
  await writeFile(tryOf(directory, key), '', { mode: ownerOnly.file });
}

/** Whether it was about to be recorded not long ago. */
export async function wasTried(env: NodeJS.ProcessEnv, key: string): Promise<boolean> {
  const tried = await stat(tryOf(ownArchives(env), key)).catch(() => undefined);
  return tried !== undefined && Date.now() - tried.mtimeMs < retryMs;
}

/** Where the cluster that records has its state: it is nobody's cluster, and in no list. */
export function recorderState(env: NodeJS.ProcessEnv): string {
  return join(ownArchives(env), 'state');
}

async function isIntact(directory: string, key: string): Promise<boolean> {
  const file = stampOf(directory, key);
  const stamps = await readStamps(file);
  const stamp = stamps.get(key);
  if (!stamp) return false;
  const { sha256, size, changed } = stamp;
  const state = await verifyFile(fileOf(directory, key), { path: key, sha256, size }, stamps);
  // One that came by way of a copy of the cache was hashed.
  if (state === 'intact' && stamps.get(key)?.changed !== changed) await writeStamps(file, stamps);
  return state === 'intact';
}

async function removeOldest(directory: string, key: string): Promise<void> {
  const classPath = key.slice(0, key.lastIndexOf('-'));
  const names = (await namesIn(directory)).filter(
    (name) => name.startsWith(`${classPath}-`) && name.endsWith('.jsa'),
  );
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
  );
  const old = dated.toSorted((a, b) => b.at - a.at).slice(mostOfAClassPath);
  for (const { name } of old) {
    await rm(join(directory, name), { force: true });
    await rm(stampOf(directory, name.slice(0, -'.jsa'.length)), { force: true });
  }
}

/** Where this user's are written. */
function ownArchives(env: NodeJS.ProcessEnv): string {
  return archivesIn(cacheDirectory(env));
}

function archivesIn(cache: string): string {
  return join(cache, 'archives');
}

function fileOf(directory: string, key: string): string {
  return join(directory, `${key}.jsa`);
}

function stampOf(directory: string, key: string): string {
  return join(directory, `${key}.json`);
}

function tryOf(directory: string, key: string): string {
  return join(directory, `${key}.tried`);
}
