import type { ClusterSpec } from '../spec/schema.js';
import { containerPorts, type PortAssignment } from './ports.js';
import type { BrokerNode, Network, Topology, ZooKeeperNode } from './topology.js';

const loopback = '127.0.0.1';

/** Places every node of the specification: ids from 1 on, and its addresses by the assigned host ports. */
export function layOut(spec: ClusterSpec, network: Network, ports: PortAssignment): Topology {
  return {
    project: spec.name,
    network,
    zookeepers: ids(spec.zookeepers).map((id) => zookeeper(id, network, ports)),
    brokers: ids(spec.brokers).map((id) => broker(id, network, ports)),
  };
}

function zookeeper(id: number, network: Network, ports: PortAssignment): ZooKeeperNode {
  const service = `zookeeper-${id}`;
  const hostAddress = { host: loopback, port: assigned(ports, `${service}/client`) };
  if (network === 'bridge') {
    return {
      role: 'zookeeper',
      service,
      id,
      hostAddress,
      networkAddress: { host: service, port: containerPorts.client },
      peerPorts: { quorum: containerPorts.quorum, election: containerPorts.election },
    };
  }
  return {
    role: 'zookeeper',
    service,
    id,
    hostAddress,
    networkAddress: hostAddress,
    peerPorts: {
      quorum: assigned(ports, `${service}/quorum`),
      election: assigned(ports, `${service}/election`),
    },
  };
}

function broker(id: number, network: Network, ports: PortAssignment): BrokerNode {
  const service = `broker-${id}`;
  const networkAddress =
    network === 'bridge'
      ? { host: service, port: containerPorts.internal }
      : { host: loopback, port: assigned(ports, `${service}/internal`) };
  return {
    role: 'broker',
    service,
    id,
    hostAddress: { host: loopback, port: assigned(ports, `${service}/host`) },
    networkAddress,
  };
}

function assigned(ports: PortAssignment, key: string): number {
  const port = ports.get(key);
  if (port === undefined) throw new Error(`no port for ${key}`);
  return port;
}

function ids(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
