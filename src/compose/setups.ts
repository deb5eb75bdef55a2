import type { ClusterImages } from '../images/choice.js';
import type { BrokerSetup, ZooKeeperSetup } from '../images/family.js';
import { valueAt, type SpecPath } from '../spec/path.js';
import type { Problem } from '../spec/problem.js';
import type { ResolvedSpec } from '../spec/resolve.js';
import type { BrokerNode, ClusterNode, Topology, ZooKeeperNode } from '../topology/topology.js';
import { brokerSetup } from './broker-setup.js';
import { environmentOf, nodeTemplate } from './template.js';
import { zooKeeperSetup } from './zookeeper-setup.js';

/** A node, and what it is to be. */
export interface NodeSetup<Node, Setup> {
  node: Node;
  setup: Setup;
}

/** What every node of a cluster is to be, before it is put into the words of its image. */
export interface ClusterSetups {
  resolved: ResolvedSpec;
  topology: Topology;
  images: ClusterImages;
  /** See `brokerSetup`. */
  protocol?: string;
  zookeepers: readonly NodeSetup<ZooKeeperNode, ZooKeeperSetup>[];
  brokers: readonly NodeSetup<BrokerNode, BrokerSetup>[];
}

/**
 * Sets up every node of a topology. Pure but for reading the templates.
 * @param protocol see `brokerSetup`
 */
export function clusterSetups(
  resolved: ResolvedSpec,
  topology: Topology,
  images: ClusterImages,
  protocol?: string,
): ClusterSetups {
  const { spec } = resolved;
  const servers = environmentOf(nodeTemplate('zookeeper', spec.profile));
  const brokers = environmentOf(nodeTemplate('broker', spec.profile));
  return {
    resolved,
    topology,
    images,
    ...(protocol !== undefined && { protocol }),
    zookeepers: topology.zookeepers.map((node) => ({
      node,
      setup: zooKeeperSetup(node, spec, topology, servers, images.zookeeper.family),
    })),
    brokers: topology.brokers.map((node) => ({
      node,
      setup: brokerSetup(node, spec, topology, brokers, images.kafka.family, protocol),
    })),
  };
}

/** What the images can't be told, each once, at the setting that asks for it. */
export function setupProblems(setups: ClusterSetups): Problem[] {
  const { images, zookeepers, brokers } = setups;
  const { zookeeper, kafka } = images;
  const all = [
    ...zookeepers.flatMap(({ node, setup }) =>
      zookeeper.family.problems(setup).map((phrase) => unsayable(phrase, node, setups)),
    ),
    ...brokers.flatMap(({ node, setup }) =>
      kafka.family.problems(setup).map((phrase) => unsayable(phrase, node, setups)),
    ),
  ];
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}

/** The problem of a phrase, which begins with the name of a setting: the user's, or one that the cluster needs. */
function unsayable(phrase: string, node: ClusterNode, setups: ClusterSetups): Problem {
  const { resolved, images } = setups;
  const role = node.role === 'broker' ? 'kafka' : 'zookeeper';
  const message = `${images[role].image} can't be told ${phrase}`;
  const name = phrase.split(':', 1)[0]!;
  const path = sayingOf(name, node).find((each) => valueAt(resolved.spec, each) !== undefined);
  if (path === undefined) return { path: [role, 'image'], message };
  return path.at(-1) === name ? { path, message, part: 'key' } : { path, message };
}

/** Where the specification may say a setting of the node, the strongest first. */
function sayingOf(name: string, node: ClusterNode): SpecPath[] {
  if (node.role === 'zookeeper') return [['zookeeper', 'settings', name]];
  const own = ['kafka', 'perBroker', String(node.id)];
  if (name === 'broker.rack')
    return [
      [...own, 'rack'],
      ['kafka', 'racks'],
    ];
  return [
    [...own, 'settings', name],
    ['kafka', 'settings', name],
  ];
}
