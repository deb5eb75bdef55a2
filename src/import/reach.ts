import type { Broker } from './broker.js';
import { namesOf, type ComposeContext } from './context.js';
import { isLoopback } from '../topology/address.js';
import { isWildcard, type Listener } from './listener.js';
import type { PublishedPort } from './model.js';

/**
 * Who reaches an advertised host.
 * - `loopback`: the host by a published port, and the container itself
 * - `inside`: other containers, by a name of the service
 * - `other`: another broker's name
 * - `docker-host`: containers that may, by way of the host
 * - `outside`: whoever has a route, by an address or a name with dots
 * - `unknown`: nobody, as far as the file tells
 * - `open`: it is known only when the container runs
 */
export type Reach =
  'docker-host' | 'inside' | 'loopback' | 'open' | 'other' | 'outside' | 'unknown' | 'wildcard';

const dockerHosts = ['host.docker.internal', 'gateway.docker.internal', 'docker.for.mac.localhost'];

export function reachOf({ host }: Listener, broker: Broker, context: ComposeContext): Reach {
  const { service } = broker;
  if (host === '' || /[{%]/.test(host)) return 'open';
  if (isWildcard(host)) return 'wildcard';
  if (isLoopback(host)) return 'loopback';
  if (namesOf(service).includes(host)) return 'inside';
  const other = context.file.services.some(
    (each) => each !== service && namesOf(each).includes(host),
  );
  if (other) return 'other';
  if (dockerHosts.includes(host)) return 'docker-host';
  if (host.includes('.') || host.includes(':')) return 'outside';
  return service.extraHosts.includes(host) ? 'outside' : 'unknown';
}

/** The port in the container at which an advertised listener listens. */
export function boundPort({ name, port }: Listener, { listeners }: Broker): number {
  return listeners.find((each) => each.name === name)?.port ?? port;
}

/** The published ports behind which a listener of the broker is. */
export function listenerPorts({ service, listeners }: Broker): PublishedPort[] {
  const bound = new Set(listeners.map(({ port }) => port));
  return service.ports.filter(
    ({ container, protocol }) => protocol === 'tcp' && bound.has(container),
  );
}
