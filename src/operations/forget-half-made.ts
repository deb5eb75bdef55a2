import type { Engine } from '../cluster/engine.js';
import { executeOnEngine } from '../cluster/execute.js';
import { isAbsent } from '../cluster/observed.js';
import { locksDirectory } from '../system/directories.js';
import { withProjectLock } from '../system/lock.js';
import type { OperationContext } from './context.js';

/**
 * Removes what runs have left of a cluster that were killed before there was anything of it, not even a lease. Not to be
 * called under a project's lock: others are taken.
 */
export async function forgetHalfMade(context: OperationContext, engine: Engine): Promise<void> {
  const directory = locksDirectory(context.env);
  const { signal } = context;
  for (const project of (await engine.halfMade?.()) ?? []) {
    const lock = { directory, project, signal, onWait: () => undefined };
    await withProjectLock(lock, async () => {
      const observed = await engine.observe(project);
      // The run that was writing it may have gone on.
      if (!isAbsent(observed) || observed.lease) return;
      const cause = 'nothing else is there';
      const plan = { project, stages: [[{ step: { kind: 'end-lease' as const }, cause }]] };
      await executeOnEngine(plan, { signal, emit: () => undefined, engine });
    });
  }
}
