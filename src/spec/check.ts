import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { isTree, valueAt, type SpecPath, type SpecTree } from './path.js';
import type { Problem } from './problem.js';
import { clusterSpecSchema, type ClusterSpec } from './schema.js';
import { knownKeys } from './schema-walk.js';

/** Checks every value by itself, and fills in defaults. */
export function checkValues(
  tree: SpecTree,
): { spec: ClusterSpec; problems?: never } | { spec?: never; problems: Problem[] } {
  const result = clusterSpecSchema.safeParse(tree, { error: wording });
  if (result.success) return { spec: result.data };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, tree)) };
}

/** In place of zod's own words, where the schema has none. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  const kinds: Record<string, string> = {
    object: 'a map of keys is expected here',
    record: 'a map of keys is expected here',
    array: 'a list is expected here',
    string: 'text is expected here',
    boolean: 'true or false is expected here',
  };
  return kinds[issue.expected];
}

function problemsOf(issue: z.core.$ZodIssue, tree: SpecTree): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `there is no such key${suggestion(key, knownKeys(path))}`,
      part: 'key',
    }));
  }
  if (issue.code === 'invalid_key')
    return [{ path, message: issue.issues[0]?.message ?? issue.message, part: 'key' }];
  if (issue.code === 'custom') return [{ path, message: issue.message, part: 'key' }];
  return [{ path, message: issue.message + notThis(valueAt(tree, path)) }];
}

function notThis(value: unknown): string {
  if (value === undefined || isTree(value) || Array.isArray(value)) return '';
  return `, not ${JSON.stringify(value)}`;
}

/** `; did you mean "brokers"?` where one of the keys is near. */
export function suggestion(key: string, keys: readonly string[]): string {
  if (keys.length === 0) return '';
  const folded = new Map(keys.map((each) => [each.toLowerCase(), each]));
  const wish = key.toLowerCase().replaceAll(/[_-]/g, '');
  const near = closest(wish, [...folded.keys()]);
  const isNear = distance(wish, near) <= Math.max(2, Math.floor(near.length / 3));
  return isNear ? `; did you mean "${folded.get(near)!}"?` : `; there are ${keys.join(', ')}`;
}

/** What a rule across values looks at. */
export type Rule = (spec: ClusterSpec) => Problem[];

/** One problem of a rule, in a list; none without a message. */
export function problem(path: SpecPath, message: string | undefined): Problem[] {
  return message === undefined ? [] : [{ path, message }];
}
