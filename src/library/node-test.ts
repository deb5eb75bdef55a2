/**
 * For node:test: from Node.js 24 on `node --test --test-global-setup=MODULE` shares one cluster with all tests of a run,
 * where MODULE exports what `setupWith` gives. With any Node.js, `kcluster run -- node --test` does.
 * @packageDocumentation
 */
import { after, before } from 'node:test';
import { clusterBetween, shareCluster } from './shared.js';
import type { Cluster, ClusterOptions } from './types.js';

/** What Node.js takes for a module of `--test-global-setup`. */
export interface NodeTestSetup {
  globalSetup: () => Promise<void>;
  globalTeardown: () => Promise<void>;
}

/** The setup for a cluster with these options, to be exported by a module of your own. */
export function setupWith(options?: ClusterOptions): NodeTestSetup {
  const { start, stop } = shareCluster(options);
  return {
    globalSetup: async () => {
      await start();
    },
    globalTeardown: stop,
  };
}

/** The setup for the cluster of the kcluster.yaml that is there, else for one broker and one ZooKeeper. */
export const { globalSetup, globalTeardown }: NodeTestSetup = setupWith();

/** A cluster for the tests of this file, or of this `describe`, alone; the returned call gives it to them. */
export function freshCluster(options: ClusterOptions = {}): () => Cluster {
  return clusterBetween(
    {
      before: (body, timeout) => before(body, { timeout }),
      after: (body, timeout) => after(body, { timeout }),
    },
    options,
  );
}

export { isolated, type Isolated } from './isolated.js';
export { sharedCluster, type SharedCluster } from './shared.js';
