import { checkValues } from './check.js';
import { layerOf, mergeLayers, type Layer } from './layer.js';
import type { SpecPath } from './path.js';
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
 * @throws KclusterError `invalidSpec` with every problem at once, each at its place
 */
export function resolveSpec(layers: readonly Layer[]): ResolvedSpec {
  const { spec } = assertValues(layers);
  assertNoProblems(
    rules.flatMap((rule) => rule(spec)),
    layers,
  );
  return { spec, layers };
}

/**
 * Checks each value by itself, before it is known what the cluster is otherwise; fills in defaults.
 * @throws KclusterError `invalidSpec` with every problem at once, each at its place
 */
export function assertValues(layers: readonly Layer[]): ResolvedSpec {
  const { spec, problems = [] } = checkValues(mergeLayers(layers));
  if (!spec) throw invalidSpec(problems, layers);
  return { spec, layers };
}

/** @throws KclusterError `invalidSpec` when there is a problem */
export function assertNoProblems(problems: readonly Problem[], layers: readonly Layer[]): void {
  if (problems.length > 0) throw invalidSpec(problems, layers);
}

/** Where a value comes from: `--brokers`, `kcluster.yaml:3:5`, `default`. */
export function originOf(layers: readonly Layer[], path: SpecPath): string {
  return layerOf(layers, path)?.place(path).label ?? 'default';
}
