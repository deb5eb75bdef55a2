import type { ComposeService } from '../../compose/document.js';
import { KclusterError } from '../../errors.js';
import { resolveImage } from './image.js';

/**
 * Refuses what a local process cannot be: it has the machine's network and host name, and one image family.
 * @throws KclusterError `invalidSpec` that names the service and the key
 */
export function checkDefinition(service: string, definition: ComposeService): void {
  resolveImage(definition.image, `services.${service}.image:`);
  if (definition.network_mode !== 'host') {
    throw refused(service, 'network_mode', 'must be host: a local process has no other network');
  }
  if (definition.ports && definition.ports.length > 0) {
    throw refused(service, 'ports', 'a local process listens on its own ports, none is mapped');
  }
  if (definition.networks !== undefined) {
    throw refused(service, 'networks', 'a local process joins no network of Docker');
  }
  if (definition.extra_hosts !== undefined) {
    throw refused(service, 'extra_hosts', "a local process has the machine's names");
  }
  if (definition.hostname !== undefined) {
    throw refused(service, 'hostname', "a local process has the machine's host name");
  }
}

function refused(service: string, key: string, why: string): KclusterError {
  return new KclusterError('invalidSpec', `services.${service}.${key}: ${why}`, {
    hints: ['Render a document for local processes with `kcluster render --engine process`.'],
  });
}
