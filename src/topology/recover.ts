import type { ObservedNode, ObservedProject } from '../cluster/observed.js';
import { Label } from '../compose/labels.js';
import { formatAddress, parseAddress } from './address.js';
import type {
  BrokerNode,
  ClusterNode,
  ExtraListener,
  Topology,
  ZooKeeperNode,
} from './topology.js';

/** The labels that tell of a node what `recoverTopology` reads back. */
export function nodeLabels(node: ClusterNode, topology: Topology): Record<string, string> {
  return {
    [Label.role]: node.role,
    [Label.id]: String(node.id),
    [Label.hostAddress]: formatAddress(node.hostAddress),
    [Label.networkAddress]: formatAddress(node.networkAddress),
    ...(node.published && { [Label.published]: formatAddress(node.published) }),
    ...(node.role === 'zookeeper' ? zookeeperLabels(node) : brokerLabels(node)),
    ...(topology.joinedNetworks.length > 0 && {
      [Label.joinedNetworks]: topology.joinedNetworks.join(','),
    }),
  };
}

function zookeeperLabels({ peerPorts, observer }: ZooKeeperNode): Record<string, string> {
  return {
    [Label.peerPorts]: `${peerPorts.quorum},${peerPorts.election}`,
    ...(observer && { [Label.peerType]: 'observer' }),
  };
}

function brokerLabels({ rack, listeners }: BrokerNode): Record<string, string> {
  return {
    ...(rack !== undefined && { [Label.rack]: rack }),
    ...(listeners.length > 0 && { [Label.listeners]: JSON.stringify(listeners) }),
  };
}

/**
 * The topology of a project that exists, from the labels of its nodes; no file is needed for it.
 * Nodes without kcluster's labels are not part of it.
 */
export function recoverTopology(observed: ObservedProject): Topology {
  const nodes = observed.nodes.flatMap((node) => recoverNode(node) ?? []);
  const byId = (a: ClusterNode, b: ClusterNode): number => a.id - b.id;
  return {
    project: observed.project,
    network: observed.networks.length > 0 ? 'bridge' : 'host',
    zookeepers: nodes.filter((node) => node.role === 'zookeeper').sort(byId),
    brokers: nodes.filter((node) => node.role === 'broker').sort(byId),
    joinedNetworks: joinedNetworks(observed),
  };
}

/** The host ports that the project's nodes hold, by slot key. */
export function recoverPorts(topology: Topology): Map<string, number> {
  const ports = new Map<string, number>();
  for (const { service, hostAddress, peerPorts } of topology.zookeepers) {
    ports.set(`${service}/client`, hostAddress.port);
    ports.set(`${service}/quorum`, peerPorts.quorum);
    ports.set(`${service}/election`, peerPorts.election);
  }
  for (const { service, hostAddress, networkAddress, listeners } of topology.brokers) {
    ports.set(`${service}/host`, hostAddress.port);
    ports.set(`${service}/internal`, networkAddress.port);
    for (const { name, bind } of listeners)
      if (bind) ports.set(`${service}/${slotPurposes[name]}`, bind.port);
  }
  return ports;
}

const slotPurposes = { JOINED: 'joined', DOCKERHOST: 'dockerHost', EXTERNAL: 'external' } as const;

/** The networks of other projects that the project's nodes join. */
export function joinedNetworks({ nodes }: Pick<ObservedProject, 'nodes'>): string[] {
  return [...new Set(nodes.flatMap(({ labels }) => networksOfLabels(labels)))];
}

/** The same of one node. */
export function networksOfLabels(labels: Readonly<Record<string, string>>): string[] {
  return labels[Label.joinedNetworks]?.split(',') ?? [];
}

function recoverNode({ service, labels }: ObservedNode): BrokerNode | ZooKeeperNode | undefined {
  const role = labels[Label.role];
  const hostAddress = labels[Label.hostAddress];
  const networkAddress = labels[Label.networkAddress];
  const published = labels[Label.published];
  if (hostAddress === undefined || networkAddress === undefined) return undefined;
  const common = {
    service,
    id: Number(labels[Label.id]),
    hostAddress: parseAddress(hostAddress),
    networkAddress: parseAddress(networkAddress),
    ...(published !== undefined && { published: parseAddress(published) }),
  };
  if (role === 'broker') {
    const rack = labels[Label.rack];
    const listeners = JSON.parse(labels[Label.listeners] ?? '[]') as ExtraListener[];
    return { role, ...common, ...(rack !== undefined && { rack }), listeners };
  }
  if (role !== 'zookeeper') return undefined;
  const [quorum = 0, election = 0] = (labels[Label.peerPorts] ?? '').split(',').map(Number);
  const observer = labels[Label.peerType] === 'observer';
  return { role, ...common, peerPorts: { quorum, election }, observer };
}
