import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import { serviceOfVolume } from '../cluster/guard.js';
import { portSlots } from '../topology/ports.js';
import { recoverPorts, recoverTopology } from '../topology/recover.js';
import type { ClusterNode, Topology } from '../topology/topology.js';
import { clusterSpecSchema, type SpecInput } from './schema.js';

/**
 * What an existing cluster is, as a layer of specification: a flag that is not given means "as it is".
 * Counts come from nodes and from the data that `down` kept; a node or a volume may be missing in between, where a
 * run was killed.
 */
export function existingSpec(observed: ObservedProject): Partial<SpecInput> {
  if (isAbsent(observed)) return {};
  const services = [
    ...observed.nodes.map(({ service }) => service),
    ...observed.volumes.map(serviceOfVolume),
  ];
  const brokers = highestId(services, 'broker');
  const zookeepers = highestId(services, 'zookeeper');
  return {
    brokers,
    zookeepers,
    ...(zookeepers !== undefined && zookeepers % 2 === 0 && { evenEnsemble: true }),
    ...existingImages(observed),
    ...existingPorts(recoverTopology(observed)),
  };
}

function highestId(services: readonly string[], role: string): number | undefined {
  const ids = services
    .filter((service) => service.startsWith(`${role}-`))
    .map((service) => Number(service.slice(role.length + 1)));
  return ids.length === 0 ? undefined : Math.max(...ids);
}

function existingImages({ nodes }: ObservedProject): Partial<SpecInput> {
  const image = nodes.map((node) => node.image).find((each) => each !== '');
  if (image === undefined) return {};
  return { images: image.startsWith('kcluster/') ? 'local' : 'published' };
}

/** First ports, each from any node of its role; `auto` where the nodes are not in a row. */
function existingPorts(topology: Topology): Partial<SpecInput> {
  const { brokers, zookeepers, network } = topology;
  const kafkaPort = firstPort(brokers);
  const zookeeperPort = firstPort(zookeepers);
  const first = {
    ...(kafkaPort !== undefined && { kafkaPort }),
    ...(zookeeperPort !== undefined && { zookeeperPort }),
  };
  const counts = {
    brokers: Math.max(1, ...brokers.map(({ id }) => id)),
    zookeepers: Math.max(1, ...zookeepers.map(({ id }) => id)),
  };
  const spec = clusterSpecSchema.safeParse({ ...counts, ...first });
  if (!spec.success) return { ports: 'auto' };
  const fixed = new Map(portSlots(spec.data, network).map((slot) => [slot.key, slot.fixed]));
  const held = recoverPorts(topology);
  const inOrder = [...held].every(
    ([key, port]) => (network === 'bridge' && !isPublished(key)) || fixed.get(key) === port,
  );
  return inOrder ? first : { ports: 'auto' };
}

/** Inside a container a port is always the same. */
function isPublished(key: string): boolean {
  return key.endsWith('/client') || key.endsWith('/host');
}

/** Where the first node of the role is when nodes are in a row. */
function firstPort(nodes: readonly ClusterNode[]): number | undefined {
  const [node] = nodes;
  return node && node.hostAddress.port - (node.id - 1);
}
