import type { ComposeService } from '../compose/document.js';
import type { DeclaredTopic } from '../topics/declared.js';
import type { Role } from './changes.js';
import type { Lease } from './lease.js';
import type { NodeWithData } from './own-data.js';

/** One act of an engine. Each is safe to repeat: what is already so is left alone. */
export type EngineStep =
  /** Sees that a network of another project is there; it is never made or removed. */
  | { kind: 'find-network'; network: string }
  | { kind: 'fetch-image'; image: string }
  | { kind: 'create-network'; network: string }
  | { kind: 'create-volume'; volume: string }
  | { kind: 'create-node'; service: string; definition: ComposeService }
  | { kind: 'start-node'; service: string }
  | { kind: 'stop-node'; service: string; graceSeconds: number }
  | { kind: 'kill-node'; service: string }
  /** Freezes a node that runs; `start-node` lets it go on. */
  | { kind: 'pause-node'; service: string }
  | { kind: 'remove-node'; service: string }
  | { kind: 'remove-network'; network: string }
  | { kind: 'remove-volume'; volume: string }
  /** Gives the project a lease, in place of the one that it has. */
  | { kind: 'grant-lease'; lease: Lease }
  | { kind: 'end-lease' };

/** A wait for, or an act on, the cluster's own state; the same for every engine. */
export type ClusterStep =
  | { kind: 'await-zookeepers' }
  | { kind: 'check-data'; role: Role; nodes: readonly NodeWithData[] }
  | { kind: 'clear-registration'; brokerId: number }
  | { kind: 'await-brokers' }
  /** Every broker has a session that ZooKeeper keeps, and one of them is the controller. */
  | { kind: 'await-registered' }
  /** Brings topics to what is declared. */
  | { kind: 'apply-topics'; topics: readonly DeclaredTopic[] }
  /** Every replica is in sync, but for those on brokers that do not count. */
  | { kind: 'await-in-sync'; without: readonly number[] }
  /** Partitions have the leaders that they keep. */
  | { kind: 'await-leaders' }
  /** Tells of topics that a broker alone has. */
  | { kind: 'check-replicas'; brokerIds: readonly number[] }
  /** Gives topics with fewer replicas than `insync` a `min.insync.replicas` of their own. */
  | { kind: 'keep-writable'; insync: number }
  /** Whether the others can take what these brokers hold. */
  | { kind: 'check-departure'; brokerIds: readonly number[] }
  | { kind: 'drain-brokers'; brokerIds: readonly number[] }
  /** Nothing has come to these brokers since they were drained. */
  | { kind: 'check-drained'; brokerIds: readonly number[] };

export type Step = EngineStep | ClusterStep;

/** A step and why it is in the plan. */
export interface PlannedStep {
  step: Step;
  cause: string;
}

/** Steps that may run side by side; a stage begins when the one before it is done. */
export type Stage = PlannedStep[];

export interface Plan {
  project: string;
  stages: Stage[];
}
