import { mergeTrees, treeOf, type SpecPath, type SpecTree } from '../../spec/path.js';
import type { Problem } from '../finding.js';

/** Why the specification has something as it has it. */
export interface Decision {
  path: SpecPath;
  /** A sentence, for a comment. */
  why: string;
}

/**
 * What a translation has to say beside the specification.
 * - `changed`: it comes out otherwise than in the compose file
 * - `not-carried-over`: it is left behind
 * - `stays`: a service that remains in the compose file
 */
export interface Remark extends Problem {
  rule: 'changed' | 'not-carried-over' | 'stays';
}

/** One part of a translation. */
export interface Part {
  tree: SpecTree;
  decisions: readonly Decision[];
  remarks: readonly Remark[];
}

/** A part from values by their paths; those that are undefined are left out. */
export function partOf(
  values: readonly (readonly [path: SpecPath, value: unknown, why?: string])[],
  remarks: readonly Remark[] = [],
): Part {
  const said = values.filter(([, value]) => value !== undefined);
  return {
    tree: said.reduce<SpecTree>((tree, [path, value]) => mergeTrees(treeOf(path, value), tree), {}),
    decisions: said.flatMap(([path, , why]) => (why === undefined ? [] : [{ path, why }])),
    remarks,
  };
}

export function joined(parts: readonly Part[]): Part {
  return {
    tree: parts.reduce<SpecTree>((tree, part) => mergeTrees(part.tree, tree), {}),
    decisions: parts.flatMap(({ decisions }) => decisions),
    remarks: parts.flatMap(({ remarks }) => remarks),
  };
}

export function changed(problem: Omit<Problem, 'level'> & Partial<Problem>): Remark {
  return { level: 'note', ...problem, rule: 'changed' };
}

export function leftBehind(problem: Omit<Problem, 'level'> & Partial<Problem>): Remark {
  return { level: 'note', ...problem, rule: 'not-carried-over' };
}
