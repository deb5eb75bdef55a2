import type { ObservedNode, ObservedProject } from '../cluster/observed.js';
import type { ComposeDocument } from '../compose/document.js';
import { composeText } from '../compose/text.js';
import { redactTree } from './secrets.js';

/** The document as a compose file. */
export function documentText({ services, volumes, externalNetworks }: ComposeDocument): string {
  const tree = {
    services,
    volumes: emptyMaps(volumes),
    ...(externalNetworks.length > 0 && {
      networks: Object.fromEntries(
        externalNetworks.map((name) => [name, { external: true, name }]),
      ),
    }),
  };
  return composeText(redactTree(tree), ' What the cluster was to be made of.');
}

/** What is there of a cluster, in the form of a compose file. */
export function observedText({ nodes, volumes }: ObservedProject): string {
  const services = Object.fromEntries(nodes.map((node) => [node.service, serviceOf(node)]));
  const tree = { services, volumes: emptyMaps(volumes) };
  return composeText(
    redactTree(tree),
    ' As it was observed: what only the document of the cluster has is not here.',
  );
}

function serviceOf({ image, definition, labels }: ObservedNode): unknown {
  const { environment, volumes, command } = definition ?? {};
  return {
    image,
    ...(command && { command }),
    ...(environment && { environment }),
    ...(volumes && { volumes }),
    labels,
  };
}

function emptyMaps(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}
