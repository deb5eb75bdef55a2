import { createHash } from 'node:crypto';
import { cp, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Job } from './job.js';

/** What an action that is not of this repository would do, with directories for GitHub's services. */
export type StandIn = (
  job: Job,
  inputs: Readonly<Record<string, string>>,
) => Promise<Record<string, string>>;

/** By name without a version. */
export const standIns: Readonly<Record<string, StandIn>> = {
  // The workspace is there already.
  'actions/checkout': () => Promise.resolve({}),

  'actions/setup-node': (job) => {
    job.path.unshift(dirname(process.execPath));
    return Promise.resolve({});
  },

  /** Its README: `cache-hit` is `true` for an exact match, and empty for none. */
  'actions/cache/restore': async (
    job,
    { path = '', key = '' },
  ): Promise<Record<string, string>> => {
    const entry = entryOf(job, path, key);
    const isHit = await exists(entry);
    job.lookups.push({ key, path, isHit });
    if (!isHit) return {};
    await mkdir(path, { recursive: true });
    await cp(entry, path, { recursive: true, preserveTimestamps: true });
    return { 'cache-hit': 'true' };
  },

  /** An entry is never written over. */
  'actions/cache/save': async (job, { path = '', key = '' }) => {
    const entry = entryOf(job, path, key);
    if (!(await exists(entry)))
      await cp(path, entry, { recursive: true, preserveTimestamps: true });
    return {};
  },

  /** Its README: characters that a name may not have; a name is taken once in a run. */
  'actions/upload-artifact': async (job, { name = '', path = '' }) => {
    if (!/^[^":<>|*?\r\n\\/]+$/.test(name)) throw new Error(`not a name of an artifact: ${name}`);
    const artifact = join(job.services, 'artifacts', name);
    if (await exists(artifact)) throw new Error(`there is an artifact ${name} already`);
    await cp(path, join(artifact, basename(path)));
    return {};
  },
};

/** Entries differ by the path, too. */
export function entryOf({ services }: Pick<Job, 'services'>, path: string, key: string): string {
  if (!path || !key) throw new Error('a cache wants a path and a key');
  const hash = createHash('sha256').update(`${path}\0${key}`).digest('hex');
  return join(services, 'cache', hash);
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
