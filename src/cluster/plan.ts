import type { ComposeService } from '../compose/document.js';

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
  | { kind: 'remove-node'; service: string }
  | { kind: 'remove-network'; network: string }
  | { kind: 'remove-volume'; volume: string };

/** A wait for, or an act on, the cluster's own state; the same for every engine. */
export type ClusterStep =
  | { kind: 'await-zookeepers' }
  | { kind: 'clear-registration'; brokerId: number }
  | { kind: 'await-brokers' };

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

/** What a step acts on, for people: `broker-1`, `network default`, `image zookeeper:3.9`. */
export function subjectOf(step: Step): string {
  switch (step.kind) {
    case 'fetch-image':
      return `image ${step.image}`;
    case 'find-network':
    case 'create-network':
    case 'remove-network':
      return `network ${step.network}`;
    case 'create-volume':
    case 'remove-volume':
      return `volume ${step.volume}`;
    case 'await-zookeepers':
      return 'ZooKeeper';
    case 'await-brokers':
      return 'brokers';
    case 'clear-registration':
      return `/brokers/ids/${step.brokerId}`;
    default:
      return step.service;
  }
}
