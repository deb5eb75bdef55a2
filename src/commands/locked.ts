import { join } from 'node:path';
import type { Engine } from '../cluster/engine.js';
import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import { KclusterError } from '../errors.js';
import { withProjectLock } from '../system/lock.js';
import { stateDirectory } from '../system/paths.js';
import type { CommandContext, ProjectOptions } from './context.js';

export interface LockedProject {
  engine: Engine;
  reason: string;
  /** Observed under the lock: no other run of this machine changes the project meanwhile. */
  observed: ObservedProject;
}

/** Selects the project's engine and runs the body while no other kcluster changes the project. */
export async function withProject<T>(
  context: CommandContext,
  { name, engine }: ProjectOptions,
  body: (project: LockedProject) => Promise<T>,
): Promise<T> {
  return await withProjectLock(
    {
      directory: join(stateDirectory(context.env), 'locks'),
      project: name,
      signal: context.signal,
      onWait: ({ pid, command }) =>
        context.emit({ type: 'notice', message: `waiting for \`${command}\` (pid ${pid})` }),
    },
    async () => await body(await context.engines.select(name, engine)),
  );
}

/** @throws KclusterError `conflict` when the project has no node */
export function assertExists(observed: ObservedProject): void {
  if (observed.nodes.length > 0) return;
  const kept = isAbsent(observed) ? '' : '; only its data is there';
  throw new KclusterError('conflict', `there is no cluster "${observed.project}"${kept}`, {
    hints: [
      `Start it with \`kcluster up --name ${observed.project}\`.`,
      'See what is there with `kcluster list`.',
    ],
  });
}
