import { zooKeeperConfig, type Environment } from '../images/environment.js';
import type { EnsembleServer, ZooKeeperFamily, ZooKeeperSetup } from '../images/family.js';
import type { ClusterSpec } from '../spec/schema.js';
import type { Network, Topology, ZooKeeperNode } from '../topology/topology.js';
import { jvmWish } from './jvm.js';
import { withoutUnsayable } from './optional.js';

/**
 * What a ZooKeeper is to be: the template's settings, and over them the user's.
 * @param defaults the template's environment, which is written by the rule of `zooKeeperConfig`
 */
export function zooKeeperSetup(
  node: ZooKeeperNode,
  { zookeeper }: ClusterSpec,
  topology: Topology,
  defaults: Environment,
  family: ZooKeeperFamily,
): ZooKeeperSetup {
  const suggested = new Map(templateSettings(defaults));
  // An observer needs no peerType: since 3.5 ZooKeeper takes it from the list (QuorumPeerConfig.setupPeerType).
  const said = new Map(Object.entries(zookeeper.settings));
  const setup: ZooKeeperSetup = {
    id: node.id,
    servers: topology.zookeepers.map((peer) => ensembleServer(peer, topology.network)),
    settings: new Map([...suggested, ...said]),
    jvm: jvmWish(zooKeeperOptions(defaults), zookeeper),
  };
  const optional = new Set([...suggested.keys()].filter((name) => !said.has(name)));
  const settings = withoutUnsayable(setup.settings, optional, family.problems(setup));
  return { ...setup, settings };
}

/** The options of the JVM that a ZooKeeper's template has. */
export function zooKeeperOptions(defaults: Environment): string {
  return defaults['JVMFLAGS'] ?? '';
}

/** On the loopback interface the client address is named too, or it would be 0.0.0.0. */
function ensembleServer(node: ZooKeeperNode, network: Network): EnsembleServer {
  const { host, port } = node.networkAddress;
  const { quorum, election } = node.peerPorts;
  return {
    id: node.id,
    host,
    quorumPort: quorum,
    electionPort: election,
    client: network === 'bridge' ? { port } : { host, port },
    observer: node.observer,
  };
}

/** The lines of zoo.cfg that the template gives a value. */
function templateSettings(defaults: Environment): (readonly [string, string])[] {
  return zooKeeperConfig(defaults)
    .split('\n')
    .map((line) => line.split(/=(.*)/s, 2) as [string, string?])
    .flatMap(([key, value]) =>
      value && !key.startsWith('server.') ? [[key, value] as const] : [],
    );
}
