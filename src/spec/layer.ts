import { isTree, mergeTrees, valueAt, type SpecPath, type SpecTree } from './path.js';
import type { Problem } from './problem.js';

/** Where something of a specification was written. */
export interface Place {
  /** `--brokers`, `kcluster.yaml:3:5`, `cluster "orders"`. */
  label: string;
  /** The line, and under it what is meant, where there is a text. */
  excerpt?: readonly string[];
  /** How far into that text it is. */
  offset?: number;
}

/** One source of values. */
export interface Layer {
  kind: 'flag' | 'program' | 'file' | 'cluster' | 'engine' | 'default';
  tree: SpecTree;
  /** The place of a value, or of its key; of one that is missing, the place that should have it. */
  place(path: SpecPath, part?: 'key' | 'value'): Place;
  /** What was wrong with the source before its values were looked at, such as a variable that is not set. */
  problems?: readonly Problem[];
  /** Of what a cluster remembers: the paths that a file gave, and no flag. */
  fromFile?: readonly SpecPath[];
}

/** Layers as one tree; the strongest comes first, and a value that one lacks is taken from the next. */
export function mergeLayers(layers: readonly Layer[]): SpecTree {
  return layers.reduceRight<SpecTree>((weak, { tree }) => mergeTrees(tree, weak), {});
}

/** The strongest layer that has a value at the path; undefined for one that none has. */
export function layerOf(layers: readonly Layer[], path: SpecPath): Layer | undefined {
  return layers.find(({ tree }) => valueAt(tree, path) !== undefined);
}

/** A layer whose values all come from one place. */
export function simpleLayer(kind: Layer['kind'], tree: SpecTree, label: string): Layer {
  return { kind, tree: isTree(tree) ? tree : {}, place: () => ({ label }) };
}
