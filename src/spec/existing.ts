import type { ObservedProject } from '../cluster/observed.js';
import { isAbsent } from '../cluster/observed.js';
import { serviceOfVolume } from '../cluster/guard.js';
import { portSlots } from '../topology/ports.js';
import { recoverPorts, recoverTopology } from '../topology/recover.js';
import { clusterSpecSchema, type SpecInput } from './schema.js';

/**
 * What an existing cluster is, as a layer of specification: a flag that is not given means "as it is".
 * Counts come from nodes, and where there are none from the data that `down` kept.
 */
export function existingSpec(observed: ObservedProject): Partial<SpecInput> {
  if (isAbsent(observed)) return {};
  const services = new Set([
    ...observed.nodes.map(({ service }) => service),
    ...observed.volumes.map(serviceOfVolume),
  ]);
  const count = (role: string): number | undefined =>
    [...services].filter((service) => service.startsWith(`${role}-`)).length || undefined;
  const counts = { brokers: count('broker'), zookeepers: count('zookeeper') };
  return {
    ...counts,
    evenEnsemble: true,
    ...existingImages(observed),
    ...existingPorts(observed, counts),
  };
}

function existingImages({ nodes }: ObservedProject): Partial<SpecInput> {
  const [node] = nodes;
  if (!node) return {};
  return { images: node.image.startsWith('kcluster/') ? 'local' : 'published' };
}

function existingPorts(
  observed: ObservedProject,
  counts: Pick<SpecInput, 'brokers' | 'zookeepers'>,
): Partial<SpecInput> {
  const topology = recoverTopology(observed);
  const kafkaPort = topology.brokers[0]?.hostAddress.port;
  const zookeeperPort = topology.zookeepers[0]?.hostAddress.port;
  if (kafkaPort === undefined || zookeeperPort === undefined) return {};
  const spec = clusterSpecSchema.parse({ ...counts, kafkaPort, zookeeperPort });
  const held = recoverPorts(topology);
  const inOrder = portSlots(spec, topology.network).every(
    ({ key, fixed }) => (held.get(key) ?? fixed) === fixed,
  );
  return inOrder ? { kafkaPort, zookeeperPort } : { ports: 'auto' };
}
