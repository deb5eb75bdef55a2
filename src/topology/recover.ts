import type { ObservedNode, ObservedProject } from '../cluster/observed.js';
import { Label } from '../compose/labels.js';
import { formatAddress, parseAddress } from './address.js';
import type { BrokerNode, ClusterNode, Topology, ZooKeeperNode } from './topology.js';

/** The labels that tell of a node what `recoverTopology` reads back. */
export function nodeLabels(node: ClusterNode): Record<string, string> {
  return {
    [Label.role]: node.role,
    [Label.id]: String(node.id),
    [Label.hostAddress]: formatAddress(node.hostAddress),
    [Label.networkAddress]: formatAddress(node.networkAddress),
    ...(node.role === 'zookeeper' && {
      [Label.peerPorts]: `${node.peerPorts.quorum},${node.peerPorts.election}`,
    }),
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
  for (const { service, hostAddress, networkAddress } of topology.brokers) {
    ports.set(`${service}/host`, hostAddress.port);
    ports.set(`${service}/internal`, networkAddress.port);
  }
  return ports;
}

function recoverNode({ service, labels }: ObservedNode): BrokerNode | ZooKeeperNode | undefined {
  const role = labels[Label.role];
  const hostAddress = labels[Label.hostAddress];
  const networkAddress = labels[Label.networkAddress];
  if (hostAddress === undefined || networkAddress === undefined) return undefined;
  const common = {
    service,
    id: Number(labels[Label.id]),
    hostAddress: parseAddress(hostAddress),
    networkAddress: parseAddress(networkAddress),
  };
  if (role === 'broker') return { role, ...common };
  if (role !== 'zookeeper') return undefined;
  const [quorum = 0, election = 0] = (labels[Label.peerPorts] ?? '').split(',').map(Number);
  return { role, ...common, peerPorts: { quorum, election } };
}
