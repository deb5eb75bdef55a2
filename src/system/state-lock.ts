import { locksDirectory } from './directories.js';
import { withProjectLock } from './lock.js';

/**
 * Runs the body while no other process of this machine runs one for the same thing of the state directory.
 * @param thing begins with a dot: no project has such a name
 * @throws KclusterError as `withProjectLock`
 */
export async function withStateLock<T>(
  thing: `.${string}`,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
  body: () => Promise<T>,
): Promise<T> {
  const directory = locksDirectory(env);
  return await withProjectLock(
    { directory, project: thing, signal, onWait: () => undefined },
    body,
  );
}
