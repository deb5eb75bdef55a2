/**
 * For Mocha: `mocha --require kcluster/mocha` shares one cluster with all tests of a run, also with `--parallel`.
 * @packageDocumentation
 */
import { clusterBetween, hookMs, shareCluster } from './shared.js';
import type { Cluster, ClusterOptions } from './types.js';

/** What Mocha takes for global fixtures of a module that it requires. */
export interface MochaSetup {
  mochaGlobalSetup: () => Promise<void>;
  mochaGlobalTeardown: () => Promise<void>;
}

/** The fixtures for a cluster with these options, to be exported by a module of your own. */
export function setupWith(options?: ClusterOptions): MochaSetup {
  const { start, stop } = shareCluster(options);
  return {
    mochaGlobalSetup: async () => {
      await start();
    },
    mochaGlobalTeardown: stop,
  };
}

/** The fixtures for the cluster of the kcluster.yaml that is there, else for one broker and one ZooKeeper. */
export const { mochaGlobalSetup, mochaGlobalTeardown }: MochaSetup = setupWith();

/** Of Mocha's interface `bdd`, which are globals. */
type MochaHook = (body: (this: { timeout(ms: number): void }) => Promise<void>) => void;

/** A cluster for the tests of this file, or of this `describe`, alone; the returned call gives it to them. */
export function freshCluster(options: ClusterOptions = {}): () => Cluster {
  const { before, after } = globalThis as unknown as Record<'before' | 'after', MochaHook>;
  const patient =
    (hook: MochaHook) =>
    (body: () => Promise<void>): void =>
      hook(async function () {
        this.timeout(hookMs);
        await body();
      });
  return clusterBetween({ before: patient(before), after: patient(after) }, options);
}

export { isolated, type Isolated } from './isolated.js';
export { sharedCluster, type SharedCluster } from './shared.js';
