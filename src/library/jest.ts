/**
 * For Jest: `globalSetup: 'kcluster/jest/setup'` and `globalTeardown: 'kcluster/jest/teardown'` share one cluster with
 * all tests of a run.
 * @packageDocumentation
 */
import { clusterBetween, shareCluster, type SharedRun } from './shared.js';
import type { Cluster, ClusterOptions } from './types.js';

let run: SharedRun | undefined;

/** The global setup for a cluster with these options, to be the default export of a module of your own. */
export function setupWith(options?: ClusterOptions): () => Promise<void> {
  return async () => {
    run = shareCluster(options);
    await run.start();
  };
}

/** The global teardown. */
export async function teardown(): Promise<void> {
  await run?.stop();
}

type JestHook = (body: () => Promise<void>, ms: number) => void;

/** A cluster for the tests of this file, or of this `describe`, alone; the returned call gives it to them. */
export function freshCluster(options: ClusterOptions = {}): () => Cluster {
  const { beforeAll, afterAll } = globalThis as unknown as Record<
    'beforeAll' | 'afterAll',
    JestHook
  >;
  return clusterBetween({ before: beforeAll, after: afterAll }, options);
}

export { isolated, type Isolated } from './isolated.js';
export { sharedCluster, type SharedCluster } from './shared.js';
