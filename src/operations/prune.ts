import type { Engine, EngineName } from '../cluster/engine.js';
import { leaseOver } from '../reaper/lease-over.js';
import type { OperationContext } from './context.js';
import { forgetDeadRuns } from './forget-dead-runs.js';
import { forgetHalfMade } from './forget-half-made.js';
import { reap } from './lease.js';

/** A cluster whose time is over. */
export interface LeftCluster {
  cluster: string;
  engine: EngineName;
  /** Why its time is over. */
  cause: string;
}

/** Clusters that were left, and the engines that were not asked. */
export interface Pruning {
  removed: LeftCluster[];
  /** How many clusters have a lease that is not over. */
  leased: number;
}

/**
 * Removes, with their data, the clusters whose owner has ended or whose time is over: what a reaper does, for when there
 * is none any more. Clusters without a lease are not looked at.
 * @param dryRun only find them
 */
export async function prune(
  context: OperationContext,
  engines: readonly Engine[],
  { dryRun = false }: { dryRun?: boolean },
): Promise<Pruning> {
  const found = (await Promise.all(engines.map(leasesOf))).flat();
  const over = found.flatMap(({ cause, ...cluster }) =>
    cause === undefined ? [] : { ...cluster, cause },
  );
  if (dryRun) return { removed: over, leased: found.length - over.length };
  const removed: LeftCluster[] = [];
  for (const { cluster, engine } of over) {
    const cause = await reap(context, { name: engine }, cluster);
    if (cause !== undefined) removed.push({ cluster, engine, cause });
  }
  for (const engine of engines) await forgetHalfMade(context, engine);
  await forgetDeadRuns(context);
  return { removed, leased: found.length - removed.length };
}

async function leasesOf(
  engine: Engine,
): Promise<{ cluster: string; engine: EngineName; cause: string | undefined }[]> {
  const leases = await engine.leases();
  return [...leases].map(([cluster, lease]) => ({
    cluster,
    engine: engine.name,
    cause: leaseOver(lease),
  }));
}
