import type { EngineName } from '../cluster/engine.js';
import { KclusterError } from '../errors.js';
import { usualSpecFile } from '../operations/spec-file.js';
import { createCluster } from './create.js';
import type { Cluster, ClusterOptions } from './types.js';

/** The cluster of a run of tests, as each of its processes sees it. */
export interface SharedCluster {
  name: string;
  engine: EngineName;
  /** What Kafka's clients call `bootstrap.servers`. */
  bootstrapServers: string;
  /** What Kafka calls `zookeeper.connect`. */
  zookeeperConnect: string;
}

/** One cluster for a run of tests: made before the first one, removed after the last one. */
export interface SharedRun {
  start: () => Promise<SharedCluster>;
  stop: () => Promise<void>;
}

/** How long a hook may take that makes a cluster, in milliseconds: images and jars may have to come first. */
export const hookMs = 900_000;

/**
 * Shares a cluster with the processes that this one starts, by the variables of its environment. Within `kcluster run`
 * that one's cluster is shared, whatever the options say.
 * @param options of the cluster; when there are none, what the kcluster.yaml of the working directory says, if it is there
 */
export function shareCluster(options?: ClusterOptions): SharedRun {
  let cluster: Cluster | undefined;
  let before: NodeJS.ProcessEnv = {};
  return {
    start: async () => {
      if (process.env['KCLUSTER_RUN']) return sharedCluster();
      cluster = await createCluster(options ?? (await ofWorkingDirectory()));
      const names = Object.keys(cluster.environment);
      before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
      Object.assign(process.env, cluster.environment);
      return sharedCluster();
    },
    stop: async () => {
      for (const [name, value] of Object.entries(before))
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      await cluster?.remove();
    },
  };
}

async function ofWorkingDirectory(): Promise<ClusterOptions> {
  const file = await usualSpecFile();
  return file === undefined ? {} : { file };
}

/**
 * The cluster that this run of tests shares, or that of the `kcluster run` around it.
 * @throws KclusterError `usage` when there is none
 */
export function sharedCluster(): SharedCluster {
  const [name, engine, bootstrapServers, zookeeperConnect] = [
    'KCLUSTER_NAME',
    'KCLUSTER_ENGINE',
    'KAFKA_BOOTSTRAP_SERVERS',
    'ZOOKEEPER_CONNECT',
  ].map((each) => process.env[each]);
  if (name && engine && bootstrapServers && zookeeperConnect)
    return { name, engine: engine as EngineName, bootstrapServers, zookeeperConnect };
  throw new KclusterError('usage', 'this run of tests shares no cluster', {
    hints: [
      'Configure the setup of your test runner: see docs/library.md of kcluster.',
      'Or run the tests by `kcluster run -- npm test`.',
    ],
  });
}

/** Runs a body before the first, or after the last, of the tests around it; it may take so long. */
type Hook = (body: () => Promise<void>, ms: number) => void;

/** A cluster for the tests of a file, or of a `describe`, alone; the returned call gives it to them. */
export function clusterBetween(
  { before, after }: { before: Hook; after: Hook },
  options: ClusterOptions,
): () => Cluster {
  let cluster: Cluster | undefined;
  before(async () => {
    cluster = await createCluster(options);
  }, hookMs);
  after(async () => await cluster?.remove(), hookMs);
  return () => {
    if (cluster) return cluster;
    throw new KclusterError('usage', 'the cluster is not made yet', {
      hints: ['Ask for it within a test or a hook: it is made before the first test.'],
    });
  };
}
