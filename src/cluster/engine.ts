import type { Duplex } from 'node:stream';
import type { Emit } from '../report/events.js';
import type { Address } from '../topology/address.js';
import type { ObservedProject } from './observed.js';
import type { Lease } from './lease.js';
import type { EngineStep } from './plan.js';

export type EngineName = 'docker' | 'process';
export const engineNames = ['docker', 'process'] as const satisfies readonly EngineName[];

/** Where a client runs: on the machine of the CLI, or on the cluster's own network. */
export type Place = 'host' | 'network';

/** A machine that is not this one. */
export interface OtherMachine {
  /** Its name or address, as the settings of this machine have it. */
  name: string;
  /** The IPv4 address by which this machine reaches it; undefined where there is none. */
  address?: string;
}

/** What tells how the nodes of an engine can be reached. */
export type EngineSite = Pick<Engine, 'name' | 'elsewhere'>;

export interface ExitStatus {
  /** The exit code, where the engine can know it. */
  code?: number;
  signal?: string;
}

export interface LogLine {
  service: string;
  line: string;
}

export interface LogOptions {
  /** How many of the last lines to begin with; all when undefined. */
  tail?: number;
  /** Go on with new lines until the signal aborts or the node is removed. */
  follow?: boolean;
  signal?: AbortSignal;
}

/** An image of kcluster's own. */
export interface BuiltImage {
  /** `kcluster/kafka:3.9.2` */
  reference: string;
  /** Whether it has a class-data archive. */
  hasArchive: boolean;
}

/**
 * Runs the nodes of a document. An engine knows containers or processes, never Kafka or ZooKeeper.
 * Its methods throw KclusterError for what the user can mend; anything else is a bug.
 */
export interface Engine {
  readonly name: EngineName;
  /** One phrase that says what answers, such as `Docker 20.10.24 at unix:///var/run/docker.sock`. */
  readonly description: string;
  /** Where the nodes and their ports are, when that is not this machine. */
  readonly elsewhere?: OtherMachine;

  /** What is there of the project; a project that does not exist has no nodes, networks or volumes. */
  observe(project: string): Promise<ObservedProject>;
  /** The names of all projects of this engine with at least one node, network or volume of kcluster, or a lease. */
  list(): Promise<string[]>;
  /** Every lease, by project; one that can't be read is no lease. */
  leases(): Promise<Map<string, Lease>>;
  /**
   * Of an engine that writes files: the projects of which nothing is there but what a run was about to write, or writes
   * right now. The step `end-lease` removes it.
   */
  halfMade?(): Promise<string[]>;

  /**
   * Does one step. Only `fetch-image` ends early on abort: every other step runs to its end, so that
   * after it the engine's state is known.
   */
  perform(
    project: string,
    step: EngineStep,
    context: { signal: AbortSignal; emit: Emit },
  ): Promise<void>;

  /** Resolves when the node's process has ended, also when it had ended before the call; rejects on abort. */
  exited(project: string, service: string, signal: AbortSignal): Promise<ExitStatus>;
  /** Reads a file of a node that is created, whether or not it runs; undefined when there is no such file. */
  readFile(project: string, service: string, path: string): Promise<Buffer | undefined>;
  /** The lines of one node's output, oldest first. */
  logs(project: string, service: string, options: LogOptions): AsyncIterable<LogLine>;
  /**
   * Opens a byte stream to an address as a client at that place reaches it; emits `connect` once it carries bytes.
   * An `error` or `close` event tells that it could not, or no longer can.
   */
  dial(project: string, from: Place, to: Address): Duplex;

  /** Who publishes this host port, in words, if this engine knows. */
  portHolder(port: number): Promise<string | undefined>;
  /** Of an engine that has images: builds kcluster's own. */
  buildImages?(options: {
    kafkaVersion: string;
    /** The image to build on; the default is a published one with a Java runtime. */
    base?: string;
    /** The class-data archives that go into them, by reference. An image keeps the one that it has. */
    archives?: ReadonlyMap<string, Buffer>;
    signal: AbortSignal;
    emit: Emit;
  }): Promise<BuiltImage[]>;
  close(): Promise<void>;
}
