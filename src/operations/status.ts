import type { Engine } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import { probeHealth, type Health } from '../readiness/health.js';
import { recoverTopology } from '../topology/recover.js';
import { describeCluster, type ClusterAddresses } from './addresses.js';

/** What is there of a cluster, and whether it works. */
export type ClusterStatus = Omit<ClusterAddresses, 'nodes'> & Health;

/** Probes a cluster once. */
export async function statusOf(engine: Engine, observed: ObservedProject): Promise<ClusterStatus> {
  const topology = recoverTopology(observed);
  const health = await probeHealth(engine, topology, observed);
  // The nodes of the health tell more.
  return { ...describeCluster(engine.name, topology, observed.lease), ...health };
}
