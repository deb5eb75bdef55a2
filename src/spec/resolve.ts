import { problemsBeyondDoubt } from './beyond-doubt.js';
import { checkValues, type Rule } from './check.js';
import { layerOf, mergeLayers, type Layer } from './layer.js';
import { pathText, valueAt, type SpecPath } from './path.js';
import { invalidSpec, type Problem } from './problem.js';
import { rules } from './rules.js';
import type { ClusterSpec } from './schema.js';

/** A complete specification, and where its values come from. */
export interface ResolvedSpec {
  spec: ClusterSpec;
  /** The strongest first. */
  layers: readonly Layer[];
}

/**
 * Resolves layers, the strongest first, into a complete specification.
 * @param more rules beside those that hold for every cluster, such as those of images
 * @throws KclusterError `invalidSpec` with every problem at once, each at its place
 */
export function resolveSpec(layers: readonly Layer[], more: readonly Rule[] = []): ResolvedSpec {
  const all = [...rules, ...more];
  const { spec, problems } = checkLayers(layers);
  if (!spec) {
    const others = problemsBeyondDoubt(mergeLayers(layers), problems, all);
    throw invalidSpec([...problems, ...others], layers);
  }
  assertNoProblems(
    all.flatMap((rule) => rule(spec)),
    layers,
  );
  return { spec, layers };
}

/**
 * Checks each value by itself, before it is known what the cluster is otherwise; fills in defaults.
 * @throws KclusterError `invalidSpec` with every problem at once, each at its place
 */
export function assertValues(layers: readonly Layer[]): ResolvedSpec {
  const { spec, problems } = checkLayers(layers);
  if (!spec) throw invalidSpec(problems, layers);
  return { spec, layers };
}

/**
 * The name that a file gives the cluster; undefined when it gives none.
 * @throws KclusterError `invalidSpec` when the name, or a key that may be meant for it, is wrong: a slip must not lead
 * to another cluster
 */
export function nameIn(file: Layer): string | undefined {
  const { problems = [] } = checkLayers([file]);
  assertNoProblems(
    problems.filter(
      ({ path, part }) => path[0] === 'name' || (path.length === 1 && part === 'key'),
    ),
    [file],
  );
  return valueAt(file.tree, ['name']) as string | undefined;
}

function checkLayers(layers: readonly Layer[]): ReturnType<typeof checkValues> {
  const unread = layers.flatMap(({ problems = [] }) => problems);
  const { spec, problems = [] } = checkValues(mergeLayers(layers));
  if (spec && unread.length === 0) return { spec };
  // What is wrong with a value that could not be filled in is known.
  const known = new Set(unread.map(({ path }) => pathText(path)));
  const others = problems.filter(({ path, part }) => part === 'key' || !known.has(pathText(path)));
  return { problems: [...unread, ...others] };
}

/** @throws KclusterError `invalidSpec` when there is a problem */
export function assertNoProblems(problems: readonly Problem[], layers: readonly Layer[]): void {
  if (problems.length > 0) throw invalidSpec(problems, layers);
}

/** Where a value comes from: `--brokers`, `kcluster.yaml:3:5`, `default`. */
export function originOf(layers: readonly Layer[], path: SpecPath): string {
  return layerOf(layers, path)?.place(path).label ?? 'default';
}
