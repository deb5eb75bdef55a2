import type { ComposeDocument, ComposeService } from '../compose/document.js';
import { configHash } from '../compose/hash.js';
import { Label } from '../compose/labels.js';
import { differenceOf } from './difference.js';
import type { ObservedNode, ObservedProject } from './observed.js';
import { profileOf } from '../spec/profile.js';
import type { NodeToStart } from './start.js';

export type Role = 'zookeeper' | 'broker';

/** What is to be done about one service. */
export interface Change {
  service: string;
  definition: ComposeService;
  /** Why the node is created. */
  create?: string;
  /** Why the node is started. */
  start?: string;
  isPaused?: boolean;
  /** Why an older node of the service goes first. */
  replace?: string;
}

/** Every service of a document beside what is there of it. Pure. */
export function changesOf(
  { services }: Pick<ComposeDocument, 'services'>,
  observed: ObservedProject,
): Change[] {
  return Object.entries(services).map(([service, definition]) =>
    compare(service, definition, observed),
  );
}

function compare(service: string, definition: ComposeService, observed: ObservedProject): Change {
  const node = observed.nodes.find((candidate) => candidate.service === service);
  if (!node) {
    const cause = `${service} is not there`;
    return { service, definition, create: cause, start: cause };
  }
  if (!isAsDefined(node, definition)) {
    const cause = `${service} is replaced`;
    const replace = differenceOf(node, definition);
    return { service, definition, create: cause, start: cause, replace };
  }
  if (node.state === 'running') return { service, definition };
  const isPaused = node.state === 'paused';
  return { service, definition, start: `${service} is ${node.state}`, isPaused };
}

/** Of a node that Compose made of a rendered document, image and labels tell whether it is the one that is asked for. */
function isAsDefined(node: ObservedNode, definition: ComposeService): boolean {
  if (node.configHash !== '') return node.configHash === configHash(definition);
  const labels = Object.entries(definition.labels).filter(([name]) => name !== Label.spec);
  return (
    node.image === definition.image && labels.every(([name, value]) => node.labels[name] === value)
  );
}

/** Of a change that starts a node. */
export function changeToStart({
  service,
  definition,
  start: cause,
  isPaused = false,
}: Change): NodeToStart {
  const { labels, volumes = [] } = definition;
  const id = Number(labels[Label.id]);
  return {
    service,
    role: labels[Label.role],
    id,
    volumes,
    isPaused,
    profile: profileOf(labels),
    cause: cause!,
  };
}
