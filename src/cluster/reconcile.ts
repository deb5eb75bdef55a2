import {
  type ComposeDocument,
  type ComposeService,
  graceSeconds,
  parseVolume,
} from '../compose/document.js';
import { Label } from '../compose/labels.js';
import { changesOf, changeToStart, type Change, type Role } from './changes.js';
import type { ObservedProject } from './observed.js';
import type { Plan, PlannedStep, Stage } from './plan.js';
import { findNetworks, startStages } from './start.js';

/** The network that every service of a document joins unless it shares the host's. */
export const defaultNetwork = 'default';

/**
 * The steps from what is there to what the document says. Pure.
 *
 * ZooKeeper comes before brokers, and brokers go before ZooKeeper. Volumes of ZooKeeper are made before those of
 * brokers, and removed after them, so that a broker's data without ZooKeeper's always means a loss.
 */
export function reconcile(document: ComposeDocument, observed: ObservedProject): Plan {
  const changes = changesOf(document, observed);
  const created = changes.filter((change) => change.create !== undefined);
  const started = changes.filter((change) => change.start !== undefined);
  const stages: Stage[] = [
    findJoined(document, changes),
    fetchImages(created),
    ...createMissing(document, observed, changes),
    ...startStages(started.map(changeToStart), observed),
  ];
  return { project: observed.project, stages: stages.filter((stage) => stage.length > 0) };
}

/** What is to be started finds the networks that it joins, before anything is made. */
export function findJoined(
  { externalNetworks }: Pick<ComposeDocument, 'externalNetworks'>,
  changes: readonly Change[],
): Stage {
  const starts = changes.some(({ start }) => start !== undefined);
  return starts ? findNetworks(externalNetworks) : [];
}

/** Networks, volumes and nodes that are not there; nodes that changed go before. */
export function createMissing(
  document: ComposeDocument,
  observed: ObservedProject,
  changes: readonly Change[],
): Stage[] {
  return [
    createNetwork(document, observed),
    createVolumes(document, observed, 'zookeeper'),
    createVolumes(document, observed, 'broker'),
    ...stopAndRemove(changes.filter((change) => change.replace !== undefined)),
    changes
      .filter((change) => change.create !== undefined)
      .map(({ service, definition, create }) => ({
        step: { kind: 'create-node', service, definition },
        cause: create!,
      })),
  ];
}

/** Whether the plan changes nodes; waiting and looking do not, and topics may be as declared already. */
export function changesAnything(plan: Plan): boolean {
  return plan.stages.flat().some(({ step }) => !/^(apply|await|check|find)-/.test(step.kind));
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

export function fetchImages(created: readonly Change[]): Stage {
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
    withRole(replaced, role).map(({ service, definition, replace }) => ({
      step: { kind: 'stop-node', service, graceSeconds: graceSeconds(definition) },
      cause: replace!,
    }));
  const remove: Stage = replaced.map(({ service, replace }) => ({
    step: { kind: 'remove-node', service },
    cause: replace!,
  }));
  return [stop('broker'), stop('zookeeper'), remove];
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
