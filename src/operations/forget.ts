import { join } from 'node:path';
import { forgetDeadReapers } from '../reaper/registration.js';
import { forgetDeadHolders } from '../system/lock.js';
import { portsDirectory, stateDirectory } from '../system/paths.js';
import { forgetDeadRuns } from '../system/port-reservation.js';
import type { OperationContext } from './context.js';

/** Removes the files by which killed runs have held ports and locks, and those of killed reapers. */
export async function forgetKilled({
  env,
  signal,
}: Pick<OperationContext, 'env' | 'signal'>): Promise<void> {
  await forgetDeadRuns(portsDirectory(env));
  await forgetDeadReapers(env, signal);
  await forgetDeadHolders(join(stateDirectory(env), 'locks'), signal);
}
