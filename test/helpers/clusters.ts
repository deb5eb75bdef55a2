import fc from 'fast-check';
import { asMade } from '../../src/cluster/as-made.js';
import type { ObservedNode, ObservedProject } from '../../src/cluster/observed.js';
import type { ComposeDocument } from '../../src/compose/document.js';
import { renderDocument, type RenderedDocument } from '../../src/compose/render.js';
import { clusterImages } from '../../src/images/choice.js';
import { flagLayer, type ShapeOptions } from '../../src/spec/flags.js';
import { resolveSpec, type ResolvedSpec } from '../../src/spec/resolve.js';
import { reservePorts } from '../../src/system/port-reservation.js';
import { layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots } from '../../src/topology/ports.js';
import type { Network, Topology } from '../../src/topology/topology.js';

/** A specification of flags alone. */
export function resolved(flags: ShapeOptions & { name?: unknown }): ResolvedSpec {
  return resolveSpec([flagLayer(flags)]);
}

/** The topology of a specification whose ports are fixed. */
export function topologyOf(flags: ShapeOptions, network: Network = 'bridge'): Topology {
  const { spec } = resolved(flags);
  return layOut(spec, network, fixedPorts(portSlots(spec, network)));
}

/**
 * The topology of one broker and one ZooKeeper of a real engine.
 * @param directory of the reservations of ports
 */
export async function topologyOnFreePorts(
  project: string,
  network: Network,
  directory: string,
): Promise<Topology> {
  const { spec } = resolved({ name: project, images: 'local', ports: 'auto' });
  const slots = portSlots(spec, network);
  const { ports } = await reservePorts(slots.length, directory);
  return layOut(spec, network, new Map(slots.map(({ key }, index) => [key, ports[index]!])));
}

export function rendered(flags: ShapeOptions, network: Network = 'bridge'): RenderedDocument {
  const images = flags.images ?? (network === 'host' ? 'local' : 'published');
  const { spec } = resolved({ ...flags, images });
  return renderDocument(resolved(flags), topologyOf(flags, network), clusterImages(spec).images);
}

/** What an engine would observe of a document that runs. */
export function observedAs(
  project: string,
  document: Pick<ComposeDocument, 'services' | 'volumes'>,
  change: (node: ObservedNode) => Partial<ObservedNode> = () => ({}),
): ObservedProject {
  const observed = asMade(project, document);
  return { ...observed, nodes: observed.nodes.map((node) => ({ ...node, ...change(node) })) };
}

export function nothing(project: string): ObservedProject {
  return { project, nodes: [], networks: [], volumes: [] };
}

/** Flags of any cluster that can be made. */
export const anyShape: fc.Arbitrary<ShapeOptions> = fc
  .record({
    brokers: fc.integer({ min: 1, max: 9 }),
    zookeepers: fc.integer({ min: 1, max: 7 }),
    evenEnsemble: fc.constant(true),
    kafkaPort: fc.integer({ min: 1024, max: 65000 }),
    zookeeperPort: fc.integer({ min: 1024, max: 65000 }),
  })
  .filter(
    ({ kafkaPort, zookeeperPort, brokers, zookeepers }) =>
      kafkaPort >= zookeeperPort + zookeepers || zookeeperPort >= kafkaPort + brokers,
  );
