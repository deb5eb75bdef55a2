/**
 * For Vitest: `globalSetup: ['kcluster/vitest']` shares one cluster with all tests of a run.
 * @packageDocumentation
 */
import { afterAll, beforeAll } from 'vitest';
import { clusterBetween, shareCluster, type SharedCluster } from './shared.js';
import type { Cluster, ClusterOptions } from './types.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster that the run shares: `inject('kcluster')`. */
    kcluster: SharedCluster;
  }
}

/** What Vitest takes for a module of `globalSetup`. */
export interface VitestSetup {
  setup: (project: { provide: (key: 'kcluster', value: SharedCluster) => void }) => Promise<void>;
  teardown: () => Promise<void>;
}

/** The setup for a cluster with these options, to be exported by a module of your own. */
export function setupWith(options?: ClusterOptions): VitestSetup {
  const { start, stop } = shareCluster(options);
  return {
    setup: async ({ provide }) => provide('kcluster', await start()),
    teardown: stop,
  };
}

/** The setup for the cluster of the kcluster.yaml that is there, else for one broker and one ZooKeeper. */
export const { setup, teardown }: VitestSetup = setupWith();

/** A cluster for the tests of this file, or of this `describe`, alone; the returned call gives it to them. */
export function freshCluster(options: ClusterOptions = {}): () => Cluster {
  return clusterBetween({ before: beforeAll, after: afterAll }, options);
}

export { isolated, type Isolated } from './isolated.js';
export { sharedCluster, type SharedCluster } from './shared.js';
