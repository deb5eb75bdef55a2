import {
  accessSync,
  chmodSync,
  constants,
  lstatSync,
  mkdirSync,
  statSync,
  type Stats,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { codeOf, KclusterError } from '../errors.js';
import { fallbacks, homeOf, usualDirectory, type Kept, type User } from './paths.js';

/**
 * Where downloads are kept. All of it can be removed at any time; it is fetched or made again.
 * @throws KclusterError as `stateDirectory`
 */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return directoryFor('cache', env);
}

/**
 * Where the process engine keeps its nodes, and runs of either engine tell each other of themselves.
 * @throws KclusterError `startFailed` when there is no place for it, or it is another user's
 */
export function stateDirectory(env: NodeJS.ProcessEnv): string {
  return directoryFor('state', env);
}

/** Where runs of this machine lock what only one of them may do at a time. */
export function locksDirectory(env: NodeJS.ProcessEnv): string {
  return join(stateDirectory(env), 'locks');
}

/** A cache at the usual place that can only be read: one that was filled before, such as in an image. */
export function readOnlyCache(env: NodeJS.ProcessEnv): string | undefined {
  const usual = usualDirectory('cache', env, homeDirectory(env));
  return usual && usual.directory !== cacheDirectory(env) ? usual.directory : undefined;
}

/** Says where things are that are not at the usual place. */
export function fallbackNotice(env: NodeJS.ProcessEnv): string | undefined {
  const moved = (['state', 'cache'] as const).filter((kept) => !isUsual(kept, env));
  if (moved.length === 0) return undefined;
  const home = homeDirectory(env);
  const why = home === undefined ? 'there is no home directory' : `${home} can't be written to`;
  const where = moved.map((kept) => directoryFor(kept, env)).join(' and ');
  return `${why}: ${moved.join(' and ')} ${moved.length > 1 ? 'are' : 'is'} in ${where}`;
}

/** The user's own directory; undefined for a user that has none. */
export function homeDirectory(env: NodeJS.ProcessEnv): string | undefined {
  return homeOf(env, thisUser());
}

function directoryFor(kept: Kept, env: NodeJS.ProcessEnv): string {
  const usual = usualDirectory(kept, env, homeDirectory(env));
  if (usual && isUsable(usual)) return usual.directory;
  const fallback = fallbacks(env, thisUser()).find(({ outer, alone }) =>
    isUsableOuter(outer, alone),
  );
  if (!fallback) throw nowhere(kept);
  makeOwn(fallback.directory);
  return join(fallback.directory, kept);
}

function isUsual(kept: Kept, env: NodeJS.ProcessEnv): boolean {
  return usualDirectory(kept, env, homeDirectory(env))?.directory === directoryFor(kept, env);
}

function isUsable({ directory, root }: { directory: string; root?: string }): boolean {
  if (root === undefined) return true;
  // A home that is not there is not made.
  return statusOf(root) !== undefined && isWritable(nearestExisting(directory));
}

function isUsableOuter(outer: string, alone: boolean): boolean {
  return isWritable(outer) && (!alone || statusOf(outer)?.uid === thisUser().uid);
}

/**
 * Makes a directory that nobody else can write to. In one that everybody writes to, its name may be taken: by a directory
 * of somebody else's, or by a link to one.
 */
function makeOwn(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const status = lstatSync(directory);
  if (!status.isDirectory()) throw notOwn(directory, 'is no directory of yours');
  if (status.uid !== thisUser().uid) throw notOwn(directory, `belongs to user ${status.uid}`);
  if ((status.mode & 0o077) !== 0) chmodSync(directory, 0o700);
}

function nearestExisting(path: string): string {
  if (statusOf(path) !== undefined || dirname(path) === path) return path;
  return nearestExisting(dirname(path));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function thisUser(): User {
  const uid = process.geteuid?.() ?? 0;
  const temporary = tmpdir();
  try {
    return { uid, temporary, home: userInfo().homedir };
  } catch {
    // A user without an entry, as with `docker run --user 12345`.
    return { uid, temporary };
  }
}

function notOwn(directory: string, why: string): KclusterError {
  return new KclusterError('startFailed', `cannot use ${directory}: it ${why}`, {
    hints: ['Set KCLUSTER_STATE and KCLUSTER_CACHE to directories of your own.'],
  });
}

function nowhere(kept: Kept): KclusterError {
  return new KclusterError('startFailed', `there is no directory to keep the ${kept} in`, {
    hints: [`Set KCLUSTER_${kept.toUpperCase()} to a directory that you can write to.`],
  });
}
