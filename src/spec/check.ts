import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { brief } from './excerpt.js';
import { isTree, pathText, valueAt, type SpecPath, type SpecTree } from './path.js';
import type { Problem } from './problem.js';
import { clusterSpecSchema, type ClusterSpec } from './schema.js';
import { keysAt, specKeys } from './schema-walk.js';

/** Checks every value by itself, and fills in defaults. */
export function checkValues(
  tree: SpecTree,
): { spec: ClusterSpec; problems?: never } | { spec?: never; problems: Problem[] } {
  const result = clusterSpecSchema.safeParse(tree, { error: wording });
  const problems = [
    ...impossibleKeys(tree, []),
    ...(result.error?.issues ?? []).flatMap((issue) => problemsOf(issue, tree)),
  ];
  return result.success && problems.length === 0 ? { spec: result.data } : { problems };
}

/** Of a map of the user's own names zod leaves out this one in silence, for the safety of objects. */
function impossibleKeys(tree: SpecTree, path: SpecPath): Problem[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = [...path, key];
    if (key === '__proto__' && !Array.isArray(keysAt(path)))
      return [{ path: here, message: 'nothing can have this name', part: 'key' }];
    return isTree(value) ? impossibleKeys(value, here) : [];
  });
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
      message: `there is no such key${suggestion(key, path)}`,
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
  return `, not ${brief(JSON.stringify(value))}`;
}

/** `; did you mean "brokers"?` where a key of the same map is near, or one of another map is the same. */
function suggestion(key: string, path: SpecPath): string {
  const keys = keysAt(path);
  if (!Array.isArray(keys)) return '';
  const near = nearestOf(keys, key);
  if (near !== undefined) return `; did you mean "${near}"?`;
  const elsewhere = specKeys().filter((each) => each.path.at(-1) === key);
  if (elsewhere.length === 0) return `; there are ${keys.join(', ')}`;
  return `; did you mean ${elsewhere.map((each) => pathText(each.path)).join(' or ')}?`;
}

/** The one of the keys that was meant, if it is near. */
export function nearestOf(keys: readonly string[], key: string): string | undefined {
  const wish = key.toLowerCase().replaceAll(/[_-]/g, '');
  const folded = keys.map((each) => each.toLowerCase());
  const nearest = closest(wish, folded);
  const near = keys[folded.indexOf(nearest)]!;
  const isNear = distance(wish, nearest) <= Math.max(2, Math.ceil(near.length / 3));
  return isNear ? near : undefined;
}

/** What a rule across values looks at. */
export type Rule = (spec: ClusterSpec) => Problem[];

/** One problem of a rule, in a list; none without a message. */
export function problem(path: SpecPath, message: string | undefined): Problem[] {
  return message === undefined ? [] : [{ path, message }];
}
