import type { EngineName } from '../cluster/engine.js';
import type { Lease } from '../cluster/lease.js';
import { formatAddress } from '../topology/address.js';
import { placesOf, type PlaceAddresses } from '../topology/places.js';
import {
  bootstrapServers,
  nodesOf,
  zookeeperConnect,
  type Topology,
} from '../topology/topology.js';

/** Where a cluster is, for programs; all addresses are for clients on the host unless they say otherwise. */
export interface ClusterAddresses {
  cluster: string;
  engine: EngineName;
  bootstrapServers: string;
  zookeeperConnect: string;
  /** The same for every place that has a listener, the host's first. */
  places: PlaceAddresses[];
  nodes: { service: string; address: string; networkAddress: string }[];
  /** Of a cluster that does not stay until it is taken down. */
  lease?: Lease;
}

export function describeCluster(
  engine: EngineName,
  topology: Topology,
  lease?: Lease,
): ClusterAddresses {
  return {
    cluster: topology.project,
    engine,
    bootstrapServers: bootstrapServers(topology),
    zookeeperConnect: zookeeperConnect(topology),
    places: placesOf(topology),
    nodes: nodesOf(topology).map(({ service, hostAddress, networkAddress }) => ({
      service,
      address: formatAddress(hostAddress),
      networkAddress: formatAddress(networkAddress),
    })),
    ...(lease && { lease }),
  };
}
