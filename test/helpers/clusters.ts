import { asMade } from '../../src/cluster/as-made.js';
import type { ObservedNode, ObservedProject } from '../../src/cluster/observed.js';
import type { ComposeDocument } from '../../src/compose/document.js';
import { renderDocument, type RenderedDocument } from '../../src/compose/render.js';
import { clusterSetups } from '../../src/compose/setups.js';
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

export function rendered(flags: ShapeOptions, network: Network = 'bridge'): RenderedDocument {
  const images = flags.images ?? (network === 'host' ? 'local' : 'published');
  const chosen = clusterImages(resolved({ ...flags, images }));
  return renderDocument(clusterSetups(resolved(flags), topologyOf(flags, network), chosen));
}

/** One broker and one ZooKeeper of a real engine. */
export async function clusterOnFreePorts(
  project: string,
  network: Network,
  flags: ShapeOptions = {},
): Promise<ResolvedSpec & { topology: Topology }> {
  const made = resolved({ ...flags, name: project, images: 'local', ports: 'auto' });
  const slots = portSlots(made.spec, network);
  const { ports } = await reservePorts(slots.length);
  const assignment = new Map(slots.map(({ key }, index) => [key, ports[index]!]));
  return { ...made, topology: layOut(made.spec, network, assignment) };
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

/** Flags of a cluster with every listener that there is. */
export const everywhere = {
  network: ['apps'],
  dockerHost: '172.17.0.1',
  advertise: 'kafka.lan',
  bind: '0.0.0.0',
};
