import type { Address } from './address.js';
import { formatAddress } from './address.js';

/** How nodes find each other: by service name on a bridge network, or by ports of the loopback interface. */
export type Network = 'bridge' | 'host';

interface Node {
  /** The service's name in the document, `zookeeper-1` or `broker-1`. */
  service: string;
  /** ZooKeeper's `myid`, Kafka's `broker.id`; from 1 on. */
  id: number;
  /** Where clients on the machine of the CLI reach it. */
  hostAddress: Address;
  /** Where that is published by an engine on another machine, whose address `hostAddress` has. */
  published?: Address;
  /** Where clients on the cluster's network, and its peers, reach it. */
  networkAddress: Address;
}

export interface ZooKeeperNode extends Node {
  role: 'zookeeper';
  /** Ports for followers and for leader election. */
  peerPorts: { quorum: number; election: number };
  /** It follows the ensemble without a vote. */
  observer: boolean;
}

export interface BrokerNode extends Node {
  role: 'broker';
  /** Kafka's `broker.rack`. */
  rack?: string;
  /** Listeners beyond the one for the host and the one for the cluster's network. */
  listeners: readonly ExtraListener[];
}

/**
 * Who comes in by a listener: containers of other projects on a joined network, containers that reach the host by
 * Docker's name for it, or other machines.
 */
export type ExtraListenerName = 'JOINED' | 'DOCKERHOST' | 'EXTERNAL';

/** Where a client may run; each place has a listener of its own. */
export const clientPlaces = ['host', 'network', 'joined', 'docker-host', 'machine'] as const;
export type ClientPlace = (typeof clientPlaces)[number];

export interface ExtraListener {
  name: ExtraListenerName;
  /** Where it listens on the host; undefined for one that only containers of a network reach. */
  bind?: Address;
  /** What its clients are told. */
  advertised: Address;
}

export type ClusterNode = ZooKeeperNode | BrokerNode;

/** Every node of a cluster with its addresses: what the document is made from, and what clients are told. */
export interface Topology {
  project: string;
  network: Network;
  zookeepers: ZooKeeperNode[];
  brokers: BrokerNode[];
  /** Docker networks of other projects that every node joins, by the alias `PROJECT-SERVICE`. */
  joinedNetworks: readonly string[];
}

export function nodesOf(topology: Topology): ClusterNode[] {
  return [...topology.zookeepers, ...topology.brokers];
}

/** What Kafka calls `bootstrap.servers`, for clients on the host. */
export function bootstrapServers(topology: Topology): string {
  return topology.brokers.map((broker) => formatAddress(broker.hostAddress)).join(',');
}

/** What Kafka calls `zookeeper.connect`, for clients on the host. */
export function zookeeperConnect(topology: Topology): string {
  return topology.zookeepers.map((node) => formatAddress(node.hostAddress)).join(',');
}

/** An address of the host that a service listens on, or is published on. */
export interface HostPort extends Address {
  service: string;
}

/** Every address that the cluster's nodes take on the host, with the service that takes it. */
export function portsOnHost({ network, zookeepers, brokers }: Topology): HostPort[] {
  const shared = network === 'host';
  return [
    ...zookeepers.flatMap(({ service, hostAddress, peerPorts }) => {
      // A single ZooKeeper has no peers and opens no port for them.
      const peers = shared && zookeepers.length > 1 ? [peerPorts.quorum, peerPorts.election] : [];
      const { host } = hostAddress;
      return [hostAddress, ...peers.map((port) => ({ host, port }))].map((address) => ({
        service,
        ...address,
      }));
    }),
    ...brokers.flatMap(({ service, hostAddress, networkAddress, listeners }) =>
      [
        hostAddress,
        ...(shared ? [networkAddress] : []),
        ...listeners.flatMap(({ bind }) => bind ?? []),
      ].map((address) => ({ service, ...address })),
    ),
  ];
}
