import type { Place } from './yaml-tree.js';

/** What a compose file says, as far as it matters for Kafka and ZooKeeper; each part knows where it is written. */
export interface ComposeFile {
  /** As messages call it. */
  name: string;
  /** Of Compose: the first part of the names of its networks. */
  project: string;
  services: readonly Service[];
  /** By their keys. */
  networks: ReadonlyMap<string, ComposeNetwork>;
  /** The key `version`, where it is there. */
  version?: Place;
  faults: readonly Fault[];
}

/** A value and where it is written. */
export interface Said<T> {
  value: T;
  at: Place;
}

/** Something in the file itself that can't be read as it is, or that Compose reads otherwise than one may think. */
export interface Fault {
  rule: 'duplicate-key' | 'env-file' | 'form' | 'unset-variable' | 'variable';
  /** `fatal`: Compose refuses the file. */
  weight: 'fatal' | 'doubtful';
  message: string;
  at: Place;
}

export interface ComposeNetwork {
  /** What Docker calls it. */
  name: string;
  external: boolean;
}

export interface Service {
  name: string;
  at: Place;
  image?: Said<string>;
  build?: Place;
  environment: ReadonlyMap<string, Variable>;
  ports: readonly PublishedPort[];
  mounts: readonly Mount[];
  entrypoint?: CommandLine;
  command?: CommandLine;
  healthcheck?: Said<string>;
  dependsOn: ReadonlyMap<string, Dependency>;
  links: readonly Said<string>[];
  /** By their keys; empty with a network mode. */
  networks: ReadonlyMap<string, readonly string[]>;
  networkMode?: Said<string>;
  replicas?: Said<number>;
  containerName?: Said<string>;
  hostname?: Said<string>;
  restart?: Said<string>;
  /** Seconds. */
  stopGracePeriod?: Said<number>;
  profiles: readonly Said<string>[];
  /** Names of other hosts that the service gets to know. */
  extraHosts: readonly string[];
  /** Every key that is written. */
  keys: ReadonlyMap<string, Place>;
  faults: readonly Fault[];
}

export interface Variable extends Said<string> {
  name: string;
}

export interface PublishedPort {
  /** Undefined for every interface. */
  hostIp?: string;
  /** Undefined for any free port. */
  host?: number;
  container: number;
  protocol: string;
  at: Place;
}

export interface Mount {
  kind: 'anonymous' | 'bind' | 'tmpfs' | 'volume';
  source?: string;
  target: string;
  at: Place;
}

/** A command or an entry point. */
export interface CommandLine {
  words: readonly string[];
  /** All of it, for a look at what it does. */
  text: string;
  at: Place;
}

export interface Dependency {
  /** `service_started`, `service_healthy` or `service_completed_successfully`. */
  condition: string;
  at: Place;
}
