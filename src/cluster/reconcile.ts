import {
  type ComposeDocument,
  type ComposeService,
  graceSeconds,
  parseVolume,
} from '../compose/document.js';
import { configHash } from '../compose/hash.js';
import { Label } from '../compose/labels.js';
import type { ObservedNode, ObservedProject } from './observed.js';
import type { Plan, PlannedStep, Stage } from './plan.js';
import { findNetworks, startStages, type NodeToStart } from './start.js';

/** The network that every service of a document joins unless it shares the host's. */
export const defaultNetwork = 'default';

/**
 * The steps from what is there to what the document says. Pure.
 *
 * ZooKeeper comes before brokers, and brokers go before ZooKeeper. Volumes of ZooKeeper are made before those of
 * brokers, and removed after them, so that a broker's data without ZooKeeper's always means a loss.
 */
export function reconcile(document: ComposeDocument, observed: ObservedProject): Plan {
  const changes = Object.entries(document.services).map(([service, definition]) =>
    compare(service, definition, observed),
  );
  const created = changes.filter((change) => change.create !== undefined);
  const replaced = changes.filter((change) => change.replace);
  const started = changes.filter((change) => change.start !== undefined);
  const stages: Stage[] = [
    created.length + started.length === 0 ? [] : findNetworks(document.externalNetworks),
    fetchImages(created),
    createNetwork(document, observed),
    createVolumes(document, observed, 'zookeeper'),
    createVolumes(document, observed, 'broker'),
    ...stopAndRemove(replaced),
    created.map(({ service, definition, create }) => ({
      step: { kind: 'create-node', service, definition },
      cause: create!,
    })),
    ...startStages(started.map(toStart), observed),
  ];
  return { project: observed.project, stages: stages.filter((stage) => stage.length > 0) };
}

/** Whether the plan changes anything; looking and waiting do not. */
export function changesAnything(plan: Plan): boolean {
  return plan.stages.flat().some(({ step }) => !/^(find|await)-/.test(step.kind));
}

/** Brokers whose data is there while all data of ZooKeeper is gone: such a pair can never start. */
export function orphanedBrokerData(document: ComposeDocument, observed: ObservedProject): string[] {
  const existing = (role: Role): string[] =>
    servicesOf(document, role)
      .filter(([, definition]) =>
        volumeKeys(definition).every((key) => observed.volumes.includes(key)),
      )
      .map(([service]) => service);
  return existing('zookeeper').length > 0 ? [] : existing('broker');
}

type Role = 'zookeeper' | 'broker';

interface Change {
  service: string;
  definition: ComposeService;
  /** Why the node is created. */
  create?: string;
  /** Why the node is started. */
  start?: string;
  isPaused?: boolean;
  /** An older node of the service goes first. */
  replace: boolean;
}

function compare(service: string, definition: ComposeService, observed: ObservedProject): Change {
  const node = observed.nodes.find((candidate) => candidate.service === service);
  if (!node) {
    const cause = `${service} is not there`;
    return { service, definition, create: cause, start: cause, replace: false };
  }
  if (!isAsDefined(node, definition)) {
    const cause = `the definition of ${service} changed`;
    return { service, definition, create: cause, start: cause, replace: true };
  }
  if (node.state === 'running') return { service, definition, replace: false };
  const isPaused = node.state === 'paused';
  return { service, definition, start: `${service} is ${node.state}`, isPaused, replace: false };
}

/** Of a node that Compose made of a rendered document, image and labels tell whether it is the one that is asked for. */
function isAsDefined(node: ObservedNode, definition: ComposeService): boolean {
  if (node.configHash !== '') return node.configHash === configHash(definition);
  const labels = Object.entries(definition.labels).filter(([name]) => name !== Label.spec);
  return (
    node.image === definition.image && labels.every(([name, value]) => node.labels[name] === value)
  );
}

function fetchImages(created: readonly Change[]): Stage {
  const users = new Map<string, string[]>();
  for (const { service, definition } of created)
    users.set(definition.image, [...(users.get(definition.image) ?? []), service]);
  return [...users].map(([image, services]) => ({
    step: { kind: 'fetch-image', image },
    cause: `${services.join(', ')} ${services.length === 1 ? 'runs' : 'run'} it`,
  }));
}

function createNetwork(document: ComposeDocument, observed: ObservedProject): Stage {
  const users = Object.values(document.services).filter((service) => !service.network_mode);
  if (users.length === 0 || observed.networks.includes(defaultNetwork)) return [];
  return [
    {
      step: { kind: 'create-network', network: defaultNetwork },
      cause: 'nodes find each other on it',
    },
  ];
}

function createVolumes(document: ComposeDocument, observed: ObservedProject, role: Role): Stage {
  return servicesOf(document, role).flatMap(([service, definition]) =>
    volumeKeys(definition)
      .filter((key) => !observed.volumes.includes(key))
      .map((volume): PlannedStep => ({
        step: { kind: 'create-volume', volume },
        cause: `${service} keeps its data there`,
      })),
  );
}

function stopAndRemove(replaced: readonly Change[]): Stage[] {
  const stop = (role: Role): Stage =>
    withRole(replaced, role).map(({ service, definition, create }) => ({
      step: { kind: 'stop-node', service, graceSeconds: graceSeconds(definition) },
      cause: create!,
    }));
  const remove: Stage = replaced.map(({ service, create }) => ({
    step: { kind: 'remove-node', service },
    cause: create!,
  }));
  return [stop('broker'), stop('zookeeper'), remove];
}

function toStart({ service, definition, start: cause, isPaused = false }: Change): NodeToStart {
  const { labels } = definition;
  const id = Number(labels[Label.id]);
  return { service, role: labels[Label.role], id, isPaused, cause: cause! };
}

function withRole(changes: readonly Change[], role: Role): Change[] {
  return changes.filter(({ definition }) => definition.labels[Label.role] === role);
}

function servicesOf(document: ComposeDocument, role: Role): [string, ComposeService][] {
  return Object.entries(document.services).filter(
    ([, definition]) => definition.labels[Label.role] === role,
  );
}

function volumeKeys(definition: ComposeService): string[] {
  return (definition.volumes ?? []).map((mount) => parseVolume(mount).volume);
}
