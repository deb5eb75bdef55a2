import { Label } from '../compose/labels.js';
import {
  isTree,
  leavesOf,
  mergeTrees,
  treeOf,
  valueAt,
  without,
  type SpecPath,
  type SpecTree,
} from './path.js';
import { mergeLayers } from './layer.js';
import type { ResolvedSpec } from './resolve.js';

/**
 * What was asked for when a node was made. Each node carries its part as a label, so that the next command knows it
 * without a file and without the flags.
 */
export interface RememberedSpec {
  given: SpecTree;
  /** The paths in it that a file gave: with a file at hand, it is the file that says them. */
  file: SpecPath[];
}

/** The part of a specification that one node remembers, as its label; none when nothing was asked for. */
export function rememberedLabels(
  { layers }: ResolvedSpec,
  node: { role: 'zookeeper' | 'broker'; id: number },
): Record<string, string> {
  const all = mergeLayers(layers);
  const given = partOf(all, node);
  const stronger = mergeLayers(layers.filter(({ kind }) => kind === 'flag' || kind === 'program'));
  const file = layers
    .flatMap(({ kind, tree, fromFile = [] }) => (kind === 'file' ? leavesOf(tree) : fromFile))
    .filter((path) => valueAt(stronger, path) === undefined);
  const counts = [
    ['kafka', 'brokers'],
    ['zookeeper', 'servers'],
    ['zookeeper', 'observers'],
  ].filter((path) => file.some((each) => each.join('.') === path.join('.')));
  const own = file.filter((path) => valueAt(given, path) !== undefined);
  const remembered: RememberedSpec = { given, file: [...own, ...counts] };
  if (Object.keys(given).length === 0 && remembered.file.length === 0) return {};
  return { [Label.spec]: JSON.stringify(remembered) };
}

/**
 * Neither the name nor counts: nodes themselves tell those, and a node that stays would remember an old count. Nor
 * topics: they live in the cluster.
 */
function partOf(all: SpecTree, { role, id }: { role: string; id: number }): SpecTree {
  const { images, ports, profile } = all;
  // Of listeners, only the networks concern a ZooKeeper: it would remember others that brokers no longer have.
  const listeners =
    role === 'broker' ? all['listeners'] : { networks: valueAt(all, ['listeners', 'networks']) };
  const section = role === 'broker' ? 'kafka' : 'zookeeper';
  const own = new Set(['brokers', 'servers', 'observers', 'perBroker']);
  const shared = Object.fromEntries(
    Object.entries(all[section] ?? {}).filter(([key]) => !own.has(key)),
  );
  const path = ['kafka', 'perBroker', String(id)];
  const different = role === 'broker' ? valueAt(all, path) : undefined;
  const part = Object.entries({ images, ports, profile, listeners, [section]: shared });
  const isEmpty = (value: unknown): boolean =>
    isTree(value) && Object.values(value).every((each) => each === undefined);
  const tree = Object.fromEntries(
    part.filter(([, value]) => value !== undefined && !isEmpty(value)),
  );
  return different === undefined ? tree : mergeTrees(treeOf(path, different), tree);
}

/**
 * What the nodes of a cluster remember together; where they differ, since a run was killed, it is the first's. With a
 * file at hand, only what no file said.
 */
export function recall(labels: readonly string[], hasFile: boolean): RememberedSpec {
  const all = labels.map((label) => JSON.parse(label) as RememberedSpec);
  // Nodes keep their ports when free ones are asked for, and are not made anew to remember it.
  const isAuto = all.some((each) => each.given['ports'] === 'auto');
  const given = all.reduce<SpecTree>(
    (tree, each) => mergeTrees(tree, each.given),
    isAuto ? { ports: 'auto' } : {},
  );
  const file = all.flatMap((each) => each.file);
  return { given: hasFile ? without(given, file) : given, file };
}
