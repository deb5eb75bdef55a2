import { formatAddress } from './address.js';
import { joinedAlias } from './layout.js';
import { containerPorts } from './ports.js';
import {
  bootstrapServers,
  zookeeperConnect,
  type BrokerNode,
  type ClientPlace,
  type ExtraListenerName,
  type Topology,
} from './topology.js';

/** Where clients of one place connect. */
export interface PlaceAddresses {
  from: ClientPlace;
  listener: 'HOST' | 'INTERNAL' | ExtraListenerName;
  /** Who they are, in words. */
  clients: string;
  /** What Kafka calls `bootstrap.servers`. */
  bootstrapServers: string;
  /** What Kafka calls `zookeeper.connect`; undefined where ZooKeeper is out of reach. */
  zookeeperConnect?: string;
}

/** Compose's name of a project's own network. */
export function ownNetwork(project: string): string {
  return `${project}_default`;
}

/** Every place from which the cluster can be reached; on a network of its own only containers are elsewhere. */
export function placesOf(topology: Topology): PlaceAddresses[] {
  return [
    {
      from: 'host',
      listener: 'HOST',
      clients: 'this machine',
      bootstrapServers: bootstrapServers(topology),
      zookeeperConnect: zookeeperConnect(topology),
    },
    ...(topology.network === 'bridge' ? [networkPlace(topology)] : []),
    ...extraPlace(
      topology,
      'joined',
      'JOINED',
      joinedClients(topology),
      joinedZooKeepers(topology),
    ),
    ...extraPlace(topology, 'docker-host', 'DOCKERHOST', 'containers, by way of the host'),
    ...extraPlace(topology, 'machine', 'EXTERNAL', 'other machines'),
    ...machinePlace(topology),
  ];
}

/** What an engine on another machine publishes is for this machine and others alike. */
function machinePlace(topology: Topology): PlaceAddresses[] {
  if (!topology.brokers.some(({ published }) => published)) return [];
  return [
    {
      from: 'machine',
      listener: 'HOST',
      clients: 'other machines',
      bootstrapServers: bootstrapServers(topology),
      zookeeperConnect: zookeeperConnect(topology),
    },
  ];
}

function networkPlace(topology: Topology): PlaceAddresses {
  const addresses = (nodes: readonly Pick<BrokerNode, 'networkAddress'>[]): string =>
    nodes.map(({ networkAddress }) => formatAddress(networkAddress)).join(',');
  return {
    from: 'network',
    listener: 'INTERNAL',
    clients: `containers on the network ${ownNetwork(topology.project)}`,
    bootstrapServers: addresses(topology.brokers),
    zookeeperConnect: addresses(topology.zookeepers),
  };
}

function joinedClients({ joinedNetworks }: Topology): string {
  return `containers on the network ${joinedNetworks.join(' or ')}`;
}

function joinedZooKeepers({ project, zookeepers }: Topology): string {
  return zookeepers
    .map(({ service }) => `${joinedAlias(project, service)}:${containerPorts.client}`)
    .join(',');
}

/** The place of a listener that brokers may have. */
function extraPlace(
  { brokers }: Topology,
  from: ClientPlace,
  listener: ExtraListenerName,
  clients: string,
  zookeepers?: string,
): PlaceAddresses[] {
  const advertised = brokers.flatMap(({ listeners }) =>
    listeners.filter(({ name }) => name === listener).map((each) => formatAddress(each.advertised)),
  );
  if (advertised.length === 0) return [];
  return [
    {
      from,
      listener,
      clients,
      bootstrapServers: advertised.join(','),
      ...(zookeepers !== undefined && { zookeeperConnect: zookeepers }),
    },
  ];
}
