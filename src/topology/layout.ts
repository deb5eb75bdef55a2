import type { ClusterSpec } from '../spec/schema.js';
import type { Address } from './address.js';
import { containerPorts, type PortAssignment } from './ports.js';
import type { BrokerNode, ExtraListener, Network, Topology, ZooKeeperNode } from './topology.js';

const loopback = '127.0.0.1';

/** What Docker calls the host, to containers that ask for it by this name. */
const dockerHostName = 'host.docker.internal';

/**
 * Places every node of the specification: ids from 1 on, and its addresses by the assigned host ports.
 * @param elsewhere whether the engine is on another machine: then the one listener is for clients of every machine
 */
export function layOut(
  spec: ClusterSpec,
  network: Network,
  ports: PortAssignment,
  elsewhere = false,
): Topology {
  const { servers, observers } = spec.zookeeper;
  const scene = { spec, network, ports, elsewhere };
  return {
    project: spec.name,
    network,
    zookeepers: ids(servers + observers).map((id) => ({
      ...zookeeper(id, scene),
      observer: id > servers,
    })),
    brokers: ids(spec.kafka.brokers).map((id) => broker(id, scene)),
    joinedNetworks: spec.listeners.networks,
  };
}

interface Scene {
  spec: ClusterSpec;
  network: Network;
  ports: PortAssignment;
  elsewhere: boolean;
}

/** The name of a node on a joined network, where `broker-1` may be somebody else's. */
export function joinedAlias(project: string, service: string): string {
  return `${project}-${service}`;
}

/**
 * How a container on Linux knows the host by the name that is advertised, as `NAME:ADDRESS`. Where the address that is
 * bound is none to connect to, Docker tells where the host is (`host-gateway`, from 20.10 on). Pure.
 */
export function hostsEntry({ bind, advertised }: ExtraListener): string | undefined {
  if (!bind) return undefined;
  const isAddress = !bind.host.startsWith('127.') && bind.host !== '0.0.0.0';
  return `${advertised.host}:${isAddress ? bind.host : 'host-gateway'}`;
}

/**
 * The name by which nodes find each other on the cluster's own network. Docker looks a name up on every network that
 * a container is on, in the order of the networks' names, so that on a joined one `zookeeper-1` could be that of
 * somebody else; then it is a name that no other project has, and that is known on the own network alone.
 */
function peerName(service: string, { name, listeners }: ClusterSpec): string {
  return listeners.networks.length === 0 ? service : `${service}.${name}`;
}

/**
 * Where clients of a node on the machine of the CLI come in: by its loopback interface, or at another machine by the name
 * that is advertised.
 */
function onHost(
  port: number,
  { spec: { listeners }, elsewhere }: Scene,
): { hostAddress: Address; published?: Address } {
  const { advertise, bind } = listeners;
  if (!elsewhere || advertise === undefined || bind === undefined)
    return { hostAddress: { host: loopback, port } };
  return { hostAddress: { host: advertise, port }, published: { host: bind, port } };
}

function zookeeper(id: number, scene: Scene): Omit<ZooKeeperNode, 'observer'> {
  const { spec, network, ports } = scene;
  const service = `zookeeper-${id}`;
  const client = onHost(assigned(ports, `${service}/client`), scene);
  const common = { role: 'zookeeper', service, id, ...client } as const;
  if (network === 'bridge') {
    return {
      ...common,
      networkAddress: { host: peerName(service, spec), port: containerPorts.client },
      peerPorts: { quorum: containerPorts.quorum, election: containerPorts.election },
    };
  }
  return {
    ...common,
    networkAddress: client.hostAddress,
    peerPorts: {
      quorum: assigned(ports, `${service}/quorum`),
      election: assigned(ports, `${service}/election`),
    },
  };
}

function broker(id: number, scene: Scene): BrokerNode {
  const { spec, network, ports } = scene;
  const service = `broker-${id}`;
  const networkAddress =
    network === 'bridge'
      ? { host: peerName(service, spec), port: containerPorts.internal }
      : { host: loopback, port: assigned(ports, `${service}/internal`) };
  const rack = rackOf(id, spec);
  return {
    role: 'broker',
    service,
    id,
    ...onHost(assigned(ports, `${service}/host`), scene),
    networkAddress,
    ...(rack !== undefined && { rack }),
    listeners: extraListeners(service, scene),
  };
}

/** Its own, or its turn among the racks. */
function rackOf(id: number, { kafka: { racks, perBroker } }: ClusterSpec): string | undefined {
  return perBroker[id]?.rack ?? racks[(id - 1) % racks.length];
}

function extraListeners(
  service: string,
  { spec: { name, listeners }, ports, elsewhere }: Scene,
): ExtraListener[] {
  const { networks, dockerHost, advertise, bind } = listeners;
  const bound = (
    listener: ExtraListener['name'],
    purpose: string,
    address: string,
    advertised: string,
  ): ExtraListener => {
    const port = assigned(ports, `${service}/${purpose}`);
    return {
      name: listener,
      bind: { host: address, port },
      advertised: { host: advertised, port },
    };
  };
  const joined = { host: joinedAlias(name, service), port: containerPorts.joined };
  return [
    ...(networks.length > 0 ? [{ name: 'JOINED', advertised: joined } as const] : []),
    ...(dockerHost === undefined
      ? []
      : [bound('DOCKERHOST', 'dockerHost', dockerHost, dockerHostName)]),
    ...(elsewhere || advertise === undefined || bind === undefined
      ? []
      : [bound('EXTERNAL', 'external', bind, advertise)]),
  ];
}

function assigned(ports: PortAssignment, key: string): number {
  const port = ports.get(key);
  if (port === undefined) throw new Error(`no port for ${key}`);
  return port;
}

function ids(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
