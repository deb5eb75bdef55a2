import { overBecause, type Lease, type OwnerState } from '../cluster/lease.js';
import { stateOf } from '../system/machine-process.js';

/** What this machine knows of the owner; a lease without one is not ended by any. */
export function ownerStateOf({ owner }: Lease): OwnerState {
  return owner ? stateOf(owner) : 'runs';
}

/** Why the lease of a cluster is over now; undefined while it is not, and for a cluster without one. */
export function leaseOver(lease: Lease | undefined): string | undefined {
  return lease && overBecause(lease, ownerStateOf(lease), Date.now());
}
