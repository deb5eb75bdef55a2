import type { EngineSite } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { ComposeDocument } from '../compose/document.js';
import { renderDocument, type RenderedDocument } from '../compose/render.js';
import { clusterSetups, setupProblems } from '../compose/setups.js';
import { clusterImages, imageRules } from '../images/choice.js';
import { existingLayer } from '../spec/existing.js';
import { flagLayer, type ShapeOptions } from '../spec/flags.js';
import type { Layer } from '../spec/layer.js';
import { assertNoProblems, resolveSpec, type ResolvedSpec } from '../spec/resolve.js';
import type { ClusterSpec } from '../spec/schema.js';
import { reservePorts } from '../system/port-reservation.js';
import { isAnswered, isPortFreeOn } from '../system/ports.js';
import { layOut } from '../topology/layout.js';
import { boundAddresses, fixedPorts, portSlots } from '../topology/ports.js';
import { recoverPorts, recoverTopology } from '../topology/recover.js';
import type { Topology } from '../topology/topology.js';
import { engineLayer, engineRules, networkOf } from './engine-rules.js';
import type { Naming } from './named.js';

/** A cluster on paper. */
export interface Design extends ResolvedSpec {
  topology: Topology;
  rendered: RenderedDocument;
  /** Gives back the ports that were chosen for it. */
  release: () => Promise<void>;
}

/** What a handler is told of a cluster that is to be made. */
export interface DesignOptions extends ShapeOptions, Naming {
  /** What a program says, in place of flags. */
  said?: Layer;
  /** What is so unless something else is said, in place of the usual defaults. */
  defaults?: Layer;
}

/**
 * Resolves flags, the file, what is there and defaults into a document.
 * @throws KclusterError `invalidSpec` with every problem
 */
export async function designCluster(
  options: DesignOptions,
  { engine, observed }: { engine: EngineSite; observed: ObservedProject },
): Promise<Design> {
  const resolved = resolveOn(engine, options, observed);
  const { spec, layers } = resolved;
  const images = clusterImages(resolved);
  const { ports, release } = await assignPorts(spec, engine, observed);
  const topology = layOut(spec, networkOf(engine.name), ports, engine.elsewhere !== undefined);
  const setups = clusterSetups(resolved, topology, images);
  try {
    assertNoProblems(setupProblems(setups), layers);
  } catch (error) {
    await release();
    throw error;
  }
  return { ...resolved, topology, rendered: renderDocument(setups), release };
}

/**
 * The document of a design with brokers that speak the protocol of another line of Kafka, `2.8`, unless the settings
 * say which.
 */
export function pinnedDocument(design: Design, protocol: string): ComposeDocument {
  const setups = clusterSetups(design, design.topology, clusterImages(design), protocol);
  return renderDocument(setups).document;
}

/**
 * The specification of a cluster that is, or is to be, on an engine.
 * @throws KclusterError `invalidSpec` with every problem but what images can't be told
 */
export function resolveOn(
  engine: EngineSite,
  options: DesignOptions,
  observed: ObservedProject,
): ResolvedSpec {
  const wished = [...saidLayers(options), existingLayer(observed, options.specFile !== undefined)];
  const layers = [
    ...wished,
    ...engineLayer(engine, wished),
    ...(options.defaults ? [options.defaults] : []),
  ];
  return resolveSpec(layers, [...imageRules, ...engineRules(engine)]);
}

/** What is said now, by flags, by a program and in the file. */
export function saidLayers(options: DesignOptions): Layer[] {
  const flags = flagLayer({ ...options, name: options.givenName });
  const { said, specFile } = options;
  return [flags, ...(said ? [said] : []), ...(specFile ? [specFile.layer] : [])];
}

async function assignPorts(
  spec: ClusterSpec,
  { name, elsewhere }: EngineSite,
  observed: ObservedProject,
): Promise<{ ports: Map<string, number>; release: () => Promise<void> }> {
  const slots = portSlots(spec, networkOf(name), elsewhere !== undefined);
  if (spec.ports === 'fixed') {
    return { ports: fixedPorts(slots), release: async () => await Promise.resolve() };
  }
  const held = recoverPorts(recoverTopology(observed));
  const missing = slots.filter(({ key }) => !held.has(key));
  const isFree = async (port: number): Promise<boolean> =>
    elsewhere
      ? !(await isAnswered({ host: spec.listeners.advertise ?? elsewhere.name, port }))
      : await isPortFreeOn(boundAddresses(spec), port);
  const reservation = await reservePorts(missing.length, isFree);
  const chosen = missing.map(({ key }, index) => [key, reservation.ports[index]!] as const);
  return { ports: new Map([...held, ...chosen]), release: reservation.release };
}
