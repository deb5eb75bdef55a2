import { forgetDeadReapers } from '../reaper/registration.js';
import { forgetDeadLocks } from '../system/lock.js';
import { locksDirectory, portsDirectory } from '../system/directories.js';
import { forgetDeadReservations } from '../system/port-reservation.js';
import type { OperationContext } from './context.js';

/**
 * Removes the files by which runs that were killed have told others of themselves: locks, reserved ports, registrations of
 * reapers. None of them means anything any more.
 */
export async function forgetDeadRuns({
  env,
  signal,
}: Pick<OperationContext, 'env' | 'signal'>): Promise<void> {
  await forgetDeadReservations(portsDirectory(env));
  await forgetDeadReapers(env, signal);
  await forgetDeadLocks(locksDirectory(env));
}
