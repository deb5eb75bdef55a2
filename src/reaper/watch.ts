import type { Engine } from '../cluster/engine.js';
import { renewed, type Lease } from '../cluster/lease.js';
import { pause } from '../system/abort.js';
import { leaseOver, ownerStateOf } from './lease-over.js';

const pollMs = 500;
/** Between looks at an engine that does not answer, such as a daemon that is being restarted. */
const patienceMs = 5000;

/** What a reaper does to clusters. */
export interface Deeds {
  /** Removes the cluster if its lease is still over. */
  reap: (project: string) => Promise<void>;
  renew: (project: string, lease: Lease) => Promise<void>;
  /** Ends the reaper's registration unless there is a lease; whether it has. */
  leave: () => Promise<boolean>;
}

/**
 * Watches the leases of an engine, and removes every cluster whose time is over, until there is no lease any more. What
 * fails is tried again: there is nobody to tell.
 */
export async function watchLeases(
  engine: Engine,
  { reap, renew, leave }: Deeds,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const leases = await engine.leases().catch(() => undefined);
    if (leases?.size === 0 && (await leave())) return;
    const failed = leases ? await tend(leases, { reap, renew }) : true;
    await pause(failed ? patienceMs : pollMs, signal);
  }
}

/** @returns whether anything failed */
async function tend(
  leases: ReadonlyMap<string, Lease>,
  { reap, renew }: Pick<Deeds, 'reap' | 'renew'>,
): Promise<boolean> {
  const settled = await Promise.allSettled(
    [...leases].map(async ([project, lease]) => {
      if (leaseOver(lease) !== undefined) return await reap(project);
      const longer = ownerStateOf(lease) === 'runs' ? renewed(lease, Date.now()) : undefined;
      if (longer) await renew(project, longer);
    }),
  );
  return settled.some(({ status }) => status === 'rejected');
}
