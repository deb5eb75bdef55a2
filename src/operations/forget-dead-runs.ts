import { forgetDeadReapers } from '../reaper/registration.js';
import { forgetDeadLocks } from '../system/lock.js';
import { locksDirectory } from '../system/directories.js';
import type { OperationContext } from './context.js';

/**
 * Removes the files by which runs that were killed have told others of themselves: locks and registrations of reapers. None of them means anything any more.
 */
export async function forgetDeadRuns({
  env,
  signal,
}: Pick<OperationContext, 'env' | 'signal'>): Promise<void> {
  await forgetDeadReapers(env, signal);
  await forgetDeadLocks(locksDirectory(env));
}
