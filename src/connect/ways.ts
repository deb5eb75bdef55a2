import { hostsEntry } from '../topology/layout.js';
import { ownNetwork } from '../topology/places.js';
import type { ClientPlace, Topology } from '../topology/topology.js';

/** What a client of a place needs to get there, a phrase; undefined where nothing is needed. Pure. */
export function wayTo(place: ClientPlace, topology: Topology): string | undefined {
  switch (place) {
    case 'network':
      return `a container gets there with \`docker run --network ${ownNetwork(topology.project)}\``;
    case 'joined':
      return `a container gets there with \`docker run --network ${topology.joinedNetworks[0]}\``;
    case 'docker-host':
      return wayByHost(topology);
    default:
      return undefined;
  }
}

function wayByHost({ brokers }: Topology): string | undefined {
  const listener = brokers[0]?.listeners.find(({ name }) => name === 'DOCKERHOST');
  const entry = listener && hostsEntry(listener);
  return entry === undefined
    ? undefined
    : `on Linux a container knows the host with \`docker run --add-host ${entry}\``;
}

/** How a cluster gets a listener for the place, a sentence. Pure. */
export const howToAdd: Record<ClientPlace, string> = {
  host: 'Every cluster has it.',
  network: 'Local processes have no network of their own: their clients are on the host.',
  joined: 'Add it with `kcluster up --network NAME`.',
  'docker-host': 'Add it with `kcluster up --docker-host ADDRESS`.',
  machine: 'Add it with `kcluster up --advertise HOST --bind ADDRESS`.',
};
