import type { Lease } from './lease.js';

/** What an engine found of a project: read from labels (docker) or from node directories and the process table. */
export interface ObservedProject {
  project: string;
  nodes: ObservedNode[];
  /** Keys of the project's networks; empty on an engine without networks. */
  networks: string[];
  /** Keys of the project's named volumes, whether or not a node uses them. */
  volumes: string[];
  /** Undefined for a cluster that stays until it is taken down. */
  lease?: Lease | undefined;
}

export interface ObservedNode {
  service: string;
  /** `running`: its process lives. `paused`: it is frozen. `exited`: it ran and ended. `created`: never started. */
  state: 'running' | 'paused' | 'exited' | 'created';
  /** What of the engine carries it: a container's name, or `pid 4711`. */
  handle: string;
  image: string;
  /** See `configHash`; of the definition that the node was created from. Empty where Compose created it. */
  configHash: string;
  labels: Readonly<Record<string, string>>;
  /** Undefined where it can't be known any more. */
  definition?: ObservedDefinition;
  /** Milliseconds since the epoch; undefined when it does not run. */
  startedAt?: number;
  /** Where known, for a node that ended. */
  exitCode?: number;
}

/** What a node was created from, as far as its engine shows it; in the words of a document. */
export interface ObservedDefinition {
  /** Of the node's program, with what its image sets. */
  environment: Readonly<Record<string, string>>;
  /** The variables whose value is the image's own. */
  inherited: readonly string[];
  /** Mounted named volumes, each `VOLUME:/PATH`. */
  volumes: readonly string[];
  /** Undefined where it is the image's own. */
  command?: readonly string[];
}

/** Nothing of the project is there: no node, network or volume. */
export function isAbsent({ nodes, networks, volumes }: ObservedProject): boolean {
  return nodes.length === 0 && networks.length === 0 && volumes.length === 0;
}
