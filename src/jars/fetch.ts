import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emit } from '../report/events.js';
import { cacheDirectory, readOnlyCache } from '../system/directories.js';
import { onDisk } from './failures.js';
import type { ClassPath, Jar } from './lock.js';
import { readStamps, verifyFile, writeStamps, type Stamps } from './verify.js';

/**
 * Makes sure that the jars are in the user's cache, each with its pinned content: what is missing or corrupt is
 * copied from the local Maven repository, or downloaded. Touches no network when nothing lacks.
 * @returns the absolute paths of the jars, in class path order.
 * @throws KclusterError `startFailed` when a jar cannot be had or kept; `interrupted` on abort.
 */
export async function ensureJars(
  classPath: ClassPath,
  options: { signal: AbortSignal; emit: Emit; env?: NodeJS.ProcessEnv },
): Promise<string[]> {
  const { signal, emit, env = process.env } = options;
  const ready = await readOnlyJars(classPath, env);
  if (ready) return ready;
  const directory = join(cacheDirectory(env), 'jars');
  const stampFile = join(directory, `verified-${classPath.name}.json`);
  const stamps = await readStamps(stampFile);
  const known = new Map(stamps);
  const lacking = await onDisk(directory, () => findLacking(classPath, directory, stamps, emit));
  if (lacking.length > 0) {
    await onDisk(directory, () => mkdir(directory, { recursive: true }));
    const { supplyJars } = await import('./supply.js');
    await supplyJars(lacking, { directory, stamps, signal, emit, env });
  }
  if (!same(stamps, known)) await writeStamps(stampFile, stamps);
  return classPath.jars.map((jar) => join(directory, jar.path));
}

/** The jars of a cache that can only be read, if it has them all. */
async function readOnlyJars(
  { name, jars }: ClassPath,
  env: NodeJS.ProcessEnv,
): Promise<string[] | undefined> {
  const cache = readOnlyCache(env);
  if (cache === undefined) return undefined;
  const directory = join(cache, 'jars');
  const stamps = await readStamps(join(directory, `verified-${name}.json`));
  const files = jars.map(({ path }) => join(directory, path));
  const states = await Promise.all(
    jars.map(async (jar, i) => await verifyFile(files[i]!, jar, stamps).catch(() => 'missing')),
  );
  return states.every((state) => state === 'intact') ? files : undefined;
}

async function findLacking(
  { jars }: ClassPath,
  directory: string,
  stamps: Stamps,
  emit: Emit,
): Promise<Jar[]> {
  const states = await Promise.all(
    jars.map((jar) => verifyFile(join(directory, jar.path), jar, stamps)),
  );
  return jars.filter((jar, i) => {
    if (states[i] === 'corrupt') {
      emit({
        type: 'notice',
        message: `${jar.coordinates} in the cache is corrupt; fetching it again`,
      });
    }
    return states[i] !== 'intact';
  });
}

function same(a: Stamps, b: Stamps): boolean {
  return a.size === b.size && [...a].every(([path, stamp]) => b.get(path) === stamp);
}
