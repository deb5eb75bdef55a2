import type { MachineProcess } from '../system/machine-process.js';

/**
 * Until when a cluster may be there. It is kept by the engine, beside the nodes, so that whoever finds the cluster finds
 * its lease. A cluster without one stays until it is taken down.
 */
export interface Lease {
  /** The process that the cluster is for; the cluster goes when it has ended. */
  owner?: Owner;
  /** Milliseconds since the epoch; the cluster goes then. */
  until?: number;
  /** Of a cluster that waits to be taken: the pool that it is in. */
  pool?: string;
}

/** Whom a cluster is for. */
export interface Owner extends MachineProcess {
  /** Its command line, for people. */
  command: string;
  /** Of processes that end with it: the value of KCLUSTER_RUN in their environment. */
  mark?: string;
  /**
   * Milliseconds since the epoch. A machine that can't see the process takes it for ended from then on; whoever watches
   * the lease moves it forward meanwhile.
   */
  believedUntil: number;
}

/** What is known here of an owner. */
export type OwnerState = 'runs' | 'ended' | 'elsewhere';

/** How long an owner that can't be seen is believed in. */
export const beliefMs = 3_600_000;

/** Why a cluster's time is over; undefined while it is not. Pure. */
export function overBecause(lease: Lease, owner: OwnerState, now: number): string | undefined {
  if (lease.until !== undefined && lease.until <= now) return 'its time is over';
  if (!lease.owner) return undefined;
  const { pid, believedUntil } = lease.owner;
  if (owner === 'ended') return `its owner, process ${pid}, has ended`;
  if (owner === 'elsewhere' && believedUntil <= now)
    return `its owner on another machine has not been heard of`;
  return undefined;
}

/** The lease with its owner believed in for longer, when it is time for that. Pure. */
export function renewed(lease: Lease, now: number): Lease | undefined {
  if (!lease.owner || lease.owner.believedUntil - now > beliefMs / 2) return undefined;
  return { ...lease, owner: { ...lease.owner, believedUntil: now + beliefMs } };
}

/** Reads a lease from JSON; undefined for anything else. */
export function parseLease(text: string): Lease | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isLease(value)) return undefined;
  const { owner, until, pool } = value;
  return {
    ...(owner && { owner }),
    ...(until !== undefined && { until }),
    ...(pool !== undefined && { pool }),
  };
}

function isLease(value: unknown): value is Lease {
  if (typeof value !== 'object' || value === null) return false;
  const { owner, until, pool } = value as Record<keyof Lease, unknown>;
  if (owner === undefined && until === undefined) return false;
  return (
    (until === undefined || typeof until === 'number') &&
    (pool === undefined || typeof pool === 'string') &&
    (owner === undefined || isOwner(owner))
  );
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const owner = value as Record<keyof Owner, unknown>;
  return (
    typeof owner.machine === 'string' &&
    typeof owner.pid === 'number' &&
    typeof owner.start === 'string' &&
    typeof owner.command === 'string' &&
    typeof owner.believedUntil === 'number'
  );
}
