import type { EngineName } from '../cluster/engine.js';
import type { ClusterStatus } from '../operations/status.js';
import type { Event } from '../report/events.js';
import type { SmokeReport } from '../smoke/report.js';
import type { Specification } from './specification.js';

/** How a cluster is made, and what it is to be. */
export interface ClusterOptions extends Specification {
  /** Number of brokers, 1 to 9; short for `kafka.brokers`. */
  brokers?: number;
  /** Number of ZooKeepers that vote, 1 to 7; short for `zookeeper.servers`. */
  zookeepers?: number;
  /**
   * Free ports, so that any number of clusters go side by side; or those that are counted up from the first ones.
   * @defaultValue `"auto"`
   */
  ports?: 'fixed' | 'auto';
  /** Path of a kcluster.yaml; what is said beside it goes before what it says. None is read unless it is named. */
  file?: string;
  /** Whether nodes are containers or local Java processes; `auto` is Docker when a daemon answers. */
  engine?: EngineName | 'auto';
  /** A name that no other cluster has; a new one is chosen when it is left out. */
  name?: string;
  /**
   * Milliseconds that the cluster may take until it works; images and jars that have to come first do not count.
   * @defaultValue `120_000`
   */
  timeout?: number;
  /** Ends the making when it aborts: what was made is taken back. Of no meaning for a cluster that is made. */
  signal?: AbortSignal;
  /** Told of each step, wait, check and warning, as it comes. Nothing is ever printed. */
  onEvent?: (event: Event) => void;
  /** Proves that the cluster works: a record goes through every listener, a znode through ZooKeeper. */
  smoke?: boolean;
  /**
   * Where `KCLUSTER_ENGINE`, `KCLUSTER_STATE`, `DOCKER_HOST`, `JAVA_HOME` and the variables of the file are looked up.
   * @defaultValue `process.env`
   */
  env?: NodeJS.ProcessEnv;
}

/** A broker or a ZooKeeper. */
export interface ClusterNode {
  /** By which it is stopped and started: `broker-1`, `zookeeper-1`. */
  service: string;
  /** Kafka's `broker.id`, or ZooKeeper's `myid`. */
  id: number;
  /** `HOST:PORT` for clients on this machine. */
  address: string;
}

/** Which lines of a node's output. */
export interface NodeLogOptions {
  /** How many of the last lines to begin with; all when left out. */
  tail?: number;
  /** Go on with new lines until the signal aborts, the loop is left or the cluster is removed. */
  follow?: boolean;
  signal?: AbortSignal;
}

/** A cluster of this process. It is gone when the process is, however that ends, unless it is kept. */
export interface Cluster extends AsyncDisposable {
  /** By which the command line knows it: `kcluster status --name NAME`. */
  readonly name: string;
  readonly engine: EngineName;
  /** What Kafka's clients call `bootstrap.servers`, for clients on this machine. */
  readonly bootstrapServers: string;
  /** What Kafka calls `zookeeper.connect`, for clients on this machine. */
  readonly zookeeperConnect: string;
  readonly brokers: readonly ClusterNode[];
  readonly zookeepers: readonly ClusterNode[];
  /** The variables by which programs find the cluster, as `kcluster env` prints them: for programs that are started. */
  readonly environment: Readonly<Record<string, string>>;
  /** Looks at it once: which nodes run, who leads, what keeps it from being healthy. */
  status(): Promise<ClusterStatus>;
  /** Proves that it works; a check that fails is in the report. Nothing is left behind by it. */
  smoke(): Promise<SmokeReport>;
  /**
   * What a node writes, oldest line first.
   * @throws KclusterError `usage` when there is no such node
   */
  logs(service: string, options?: NodeLogOptions): AsyncIterable<string>;
  /** Stops nodes as an operator would, and leaves them there with their data; every node when none is named. */
  stop(...services: string[]): Promise<void>;
  /** Starts nodes again, every one when none is named, and waits until those that run work together. */
  start(...services: string[]): Promise<void>;
  /** Both at once. */
  restart(...services: string[]): Promise<void>;
  /**
   * Writes all that tells of it - logs, topics, groups, znodes, health - to a `.tar.gz` in the directory, which is made
   * if it is not there.
   * @returns the path of the file
   */
  bundle(directory: string): Promise<string>;
  /**
   * Takes the tie to this process away: it stays, with its data, until `kcluster down --volumes --name NAME`. The calls
   * above can be made no more.
   */
  keep(): Promise<void>;
  /** Removes it with its data; nothing happens for one that is removed or kept. The same as leaving `await using`. */
  remove(): Promise<void>;
}

export type { ClusterStatus, EngineName, Event, SmokeReport };
