/**
 * What an image family is: images that read their configuration by one rule. A setup says what a node is to be, in
 * Kafka's and ZooKeeper's own terms; a family puts it into the words that its images understand.
 */

export type Role = 'kafka' | 'zookeeper';

/** Options of the JVM, each a line of words that a shell splits at white space. */
export interface JvmWish {
  /** `-Xms64m -Xmx384m` */
  heap: string;
  /** `-XX:+UseSerialGC -XX:TieredStopAtLevel=1` */
  options: string;
}

/** What a broker is to be. */
export interface BrokerSetup {
  /** `broker.id`. */
  id: number;
  /**
   * By Kafka's names, with `broker.id`, `zookeeper.connect` and all that says how the broker is reached; without
   * `log.dirs`, which the family sets.
   */
  properties: ReadonlyMap<string, string>;
  jvm: JvmWish;
}

/** A member of an ensemble, as every member has to know it. */
export interface EnsembleServer {
  id: number;
  host: string;
  quorumPort: number;
  electionPort: number;
  /** Without a host it serves clients on every interface. */
  client: { host?: string; port: number };
  observer: boolean;
}

/** What a ZooKeeper is to be. */
export interface ZooKeeperSetup {
  /** Of one of the servers. */
  id: number;
  servers: readonly EnsembleServer[];
  /** Keys of zoo.cfg beyond the servers, the ports of clients and the directories. */
  settings: ReadonlyMap<string, string>;
  jvm: JvmWish;
}

/** The part of a compose service that depends on the image. */
export interface ServiceWords {
  environment: Record<string, string>;
  /** In place of the image's own; no shell splits it. */
  command?: readonly string[];
}

/** Where data lives that must outlive a container. */
export interface DataVolume {
  /** The end of the volume's name: `zookeeper-1-data`. */
  suffix: string;
  /** The path inside the container. */
  target: string;
}

/** Images of one configuration rule. */
export interface ImageFamily<Setup> {
  name: string;
  role: Role;
  /** By which it is recognised, also behind the host and path of a mirror: `confluentinc/cp-kafka`. */
  repositories: readonly string[];
  volumes: readonly DataVolume[];
  /** The setup in the images' own words. They mean the setup exactly when there are no `problems`. */
  words(setup: Setup): ServiceWords;
  /** Why the images can't be told the setup: each a phrase that begins with the key. */
  problems(setup: Setup): string[];
}

export type KafkaFamily = ImageFamily<BrokerSetup>;
export type ZooKeeperFamily = ImageFamily<ZooKeeperSetup>;
