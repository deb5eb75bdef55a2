import type { DataVolume } from './families.js';

/** How the JVM of a node is to run, as options of its command line. */
export interface JvmWish {
  /** `-Xms64m -Xmx384m` */
  heap: string;
  /** `-XX:+UseSerialGC ...` */
  options: string;
}

/** What a broker is to be, in Kafka's own terms. */
export interface BrokerSetup {
  id: number;
  /** By Kafka's property names; without log.dirs, which is the image's matter. */
  properties: ReadonlyMap<string, string>;
  jvm: JvmWish;
}

/** One server of an ensemble, as every member is told of it. */
export interface EnsembleServer {
  id: number;
  host: string;
  quorumPort: number;
  electionPort: number;
  client: { host?: string; port: number };
  observer: boolean;
}

/** What a ZooKeeper is to be. */
export interface ZooKeeperSetup {
  id: number;
  servers: readonly EnsembleServer[];
  /** By zoo.cfg's names, beyond the list of servers. */
  settings: ReadonlyMap<string, string>;
  jvm: JvmWish;
}

/** The part of a compose service that depends on the image. */
export interface ServiceWords {
  environment: Record<string, string>;
  command?: readonly string[];
  entrypoint?: readonly string[];
  user?: string;
}

/** Images of one contract: how a node is told what it is. */
export interface ImageFamily<Setup> {
  name: string;
  role: 'kafka' | 'zookeeper';
  /** The repositories by which it is recognised, also behind a mirror's host and path. */
  repositories: readonly string[];
  volumes: readonly DataVolume[];
  words(setup: Setup): ServiceWords;
  /** Why the image can't be told this, a phrase each that names the key. */
  problems(setup: Setup): string[];
}
