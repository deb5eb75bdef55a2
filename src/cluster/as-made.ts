import type { ComposeDocument } from '../compose/document.js';
import { configHash } from '../compose/hash.js';
import type { ObservedNode, ObservedProject } from './observed.js';

/** What an engine will observe of a document once every node of it runs. Pure. */
export function asMade(
  project: string,
  { services, volumes }: Pick<ComposeDocument, 'services' | 'volumes'>,
): ObservedProject {
  const nodes = Object.entries(services).map(
    ([service, { image, labels, environment, volumes: mounts = [], command }]): ObservedNode => ({
      service,
      state: 'running',
      handle: '',
      image,
      configHash: configHash(services[service]),
      labels,
      definition: { environment, inherited: [], volumes: mounts, ...(command && { command }) },
    }),
  );
  const bridge = Object.values(services).some((service) => !service.network_mode);
  return { project, nodes, volumes, networks: bridge ? ['default'] : [] };
}
