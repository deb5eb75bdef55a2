import type { Engine, EngineName } from '../cluster/engine.js';
import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import { assertOurs } from '../cluster/guard.js';
import { KclusterError } from '../errors.js';
import { assertName } from '../spec/name.js';
import { withProjectLock } from '../system/lock.js';
import { locksDirectory } from '../system/directories.js';
import type { OperationContext, ProjectOptions } from './context.js';

export interface LockedProject {
  engine: Engine;
  reason: string;
  /** Why engines that might have the project were not asked. */
  unasked: readonly KclusterError[];
  /** Another engine that has the project as well. */
  other?: EngineName;
  /** Observed under the lock: no other run of this machine changes the project meanwhile. */
  observed: ObservedProject;
}

/** @throws KclusterError `conflict` when another engine has the project and this one has nothing of it */
export function assertNotElsewhere({ observed, other }: LockedProject): void {
  if (other === undefined || !isAbsent(observed)) return;
  const { project } = observed;
  throw new KclusterError(
    'conflict',
    `cluster "${project}" is there already, on the ${other} engine`,
    {
      hints: [
        `Take it down first: \`kcluster down --engine ${other} --name ${project}\` (with \`--volumes\` if its data may go).`,
        'Or give the new one another `--name`.',
      ],
    },
  );
}

/** Selects the project's engine and runs the body while no other kcluster changes the project. */
export async function withProject<T>(
  context: OperationContext,
  { name, engine }: ProjectOptions,
  body: (project: LockedProject) => Promise<T>,
): Promise<T> {
  assertName(name);
  return await withProjectLock(
    {
      directory: locksDirectory(context.env),
      project: name,
      signal: context.signal,
      onWait: ({ pid, command }) =>
        context.emit({ type: 'notice', message: `waiting for \`${command}\` (pid ${pid})` }),
    },
    async () => {
      const project = await context.engines.select(name, engine);
      assertOurs(project.observed);
      return await body(project);
    },
  );
}

/** @throws KclusterError `conflict` when the project has no node, or is not kcluster's */
export function assertExists(observed: ObservedProject): void {
  assertOurs(observed);
  if (observed.nodes.length > 0) return;
  const kept = isAbsent(observed) ? '' : '; only its data is there';
  throw new KclusterError('conflict', `there is no cluster "${observed.project}"${kept}`, {
    hints: [
      `Start it with \`kcluster up --name ${observed.project}\`.`,
      'See what is there with `kcluster list`.',
    ],
  });
}
