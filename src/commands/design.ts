import type { EngineName } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import { renderDocument, type RenderedDocument } from '../compose/render.js';
import { KclusterError } from '../errors.js';
import { imagePair } from '../images/families.js';
import { existingSpec } from '../spec/existing.js';
import { resolveSpec } from '../spec/resolve.js';
import type { ClusterSpec } from '../spec/schema.js';
import { portsDirectory } from '../system/paths.js';
import { reservePorts } from '../system/port-reservation.js';
import { layOut } from '../topology/layout.js';
import { fixedPorts, portSlots, sharedPorts } from '../topology/ports.js';
import { recoverPorts, recoverTopology } from '../topology/recover.js';
import type { Network, Topology } from '../topology/topology.js';
import type { CommandContext } from './context.js';
import { shapeOf, type ShapeOptions } from './shape.js';

/** A cluster on paper. */
export interface Design {
  spec: ClusterSpec;
  topology: Topology;
  rendered: RenderedDocument;
  /** Gives back the ports that were chosen for it. */
  release: () => Promise<void>;
}

/**
 * Resolves flags, what is there and defaults into a document.
 * @throws KclusterError `invalidSpec` with every problem
 */
export async function designCluster(
  { env }: Pick<CommandContext, 'env'>,
  options: ShapeOptions & { name: string },
  { engine, observed }: { engine: { name: EngineName }; observed: ObservedProject },
): Promise<Design> {
  const spec = resolveSpec([
    { name: options.name, ...shapeOf(options) },
    existingSpec(observed),
    { images: engine.name === 'process' ? 'local' : undefined },
  ]);
  assertRunnable(spec, engine.name);
  const network = engine.name === 'process' ? 'host' : 'bridge';
  const { ports, release } = await assignPorts(env, spec, network, observed);
  const topology = layOut(spec, network, ports);
  return { spec, topology, rendered: renderDocument(topology, imagePair(spec.images)), release };
}

function assertRunnable(spec: ClusterSpec, engine: EngineName): void {
  if (engine !== 'process' || spec.images === 'local') return;
  throw new KclusterError('invalidSpec', 'the process engine runs no published images', {
    details: ['--images: expected "local" with the process engine, not "published"'],
    hints: ['Leave `--images` out, or run it on Docker with `--engine docker`.'],
  });
}

async function assignPorts(
  env: NodeJS.ProcessEnv,
  spec: ClusterSpec,
  network: Network,
  observed: ObservedProject,
): Promise<{ ports: Map<string, number>; release: () => Promise<void> }> {
  const slots = portSlots(spec, network);
  if (spec.ports === 'fixed') {
    const ports = fixedPorts(slots);
    assertApart(ports);
    return { ports, release: async () => await Promise.resolve() };
  }
  const held = recoverPorts(recoverTopology(observed));
  const missing = slots.filter(({ key }) => !held.has(key));
  const reservation = await reservePorts(missing.length, portsDirectory(env));
  const chosen = missing.map(({ key }, index) => [key, reservation.ports[index]!] as const);
  return { ports: new Map([...held, ...chosen]), release: reservation.release };
}

function assertApart(ports: ReadonlyMap<string, number>): void {
  const shared = sharedPorts(ports);
  if (shared.length === 0) return;
  throw new KclusterError('invalidSpec', 'nodes would share ports', {
    details: shared.map(({ port, keys }) => `${port}: ${keys.join(' and ')}`),
    hints: ['Move `--kafka-port` or `--zookeeper-port`, or take free ports with `--ports auto`.'],
  });
}
