import { beliefMs, type Lease, type Owner } from '../cluster/lease.js';
import { KclusterError } from '../errors.js';
import { processHere } from '../system/machine-process.js';

/** What is said of how long a cluster is to be there. */
export interface LeaseOptions {
  /** Milliseconds from now; `never` ends a lease that it has. */
  detachAfter?: number | 'never';
  /** The pid of the process that it is for. */
  owner?: number;
}

/**
 * The lease that is asked for; undefined where nothing is said of it.
 * @throws KclusterError `usage` when the owner does not run
 */
export function wishedLease({ detachAfter, owner }: LeaseOptions): Lease | 'never' | undefined {
  if (detachAfter === 'never' && owner === undefined) return 'never';
  if (detachAfter === undefined && owner === undefined) return undefined;
  return {
    ...(owner !== undefined && { owner: ownerOf(owner, `process ${owner}`) }),
    ...(typeof detachAfter === 'number' && { until: Date.now() + detachAfter }),
  };
}

/**
 * A process of this machine as the owner of a cluster.
 * @throws KclusterError `usage` when it does not run
 */
export function ownerOf(pid: number, command: string): Owner {
  const owner = processHere(pid);
  if (!owner)
    throw new KclusterError('usage', `--owner ${pid}: there is no such process`, {
      hints: [
        'Give the pid of one that runs as long as the cluster is needed, such as `--owner $$`.',
      ],
    });
  return { ...owner, command, believedUntil: Date.now() + beliefMs };
}
