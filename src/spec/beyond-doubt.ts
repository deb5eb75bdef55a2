import { checkValues, type Rule } from './check.js';
import { isTree, pathText, valueAt, type SpecPath, type SpecTree } from './path.js';
import type { Problem } from './problem.js';
import { keysAt } from './schema-walk.js';

/**
 * What rules across values say of a specification in which some values are wrong: each is heard unless it looks at a
 * value that is in doubt. That is one that is wrong, or one that is missing where a key beside it is unknown: it may be
 * the one that was meant.
 * @param problems of the values by themselves
 */
export function problemsBeyondDoubt(
  tree: SpecTree,
  problems: readonly Problem[],
  rules: readonly Rule[],
): Problem[] {
  const wrong = problems.map(({ path }) => aroundList(tree, path));
  const { spec } = checkValues(pruned(tree, new Set(wrong.map(pathText)), []));
  if (!spec) return [];
  const doubtful = new Set(
    [...wrong, ...problems.flatMap((each) => maybeMeant(tree, each))].map(pathText),
  );
  return rules.flatMap((rule) => {
    const read: string[] = [];
    const found = rule(watched(spec, [], (path) => read.push(pathText(path))));
    return read.some((path) => doubtful.has(path)) ? [] : found;
  });
}

/** A list is in doubt as a whole: without one of its items the others would have other places. */
function aroundList(tree: SpecTree, path: SpecPath): SpecPath {
  const end = path.findIndex((_, index) => Array.isArray(valueAt(tree, path.slice(0, index))));
  return end < 0 ? path : path.slice(0, end);
}

/** The keys that an unknown one may stand for. */
function maybeMeant(tree: SpecTree, { path, part }: Problem): SpecPath[] {
  const section = path.slice(0, -1);
  const keys = keysAt(section);
  if (part !== 'key' || !Array.isArray(keys)) return [];
  return keys.map((key) => [...section, key]).filter((each) => valueAt(tree, each) === undefined);
}

function pruned(tree: SpecTree, gone: ReadonlySet<string>, path: SpecPath): SpecTree {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) => {
      const here = [...path, key];
      if (gone.has(pathText(here))) return [];
      return [[key, isTree(value) ? pruned(value, gone, here) : value]];
    }),
  );
}

/** The same value, which tells the path of each value that is looked at. */
function watched<T extends object>(value: T, path: SpecPath, onRead: (path: SpecPath) => void): T {
  return new Proxy(value, {
    get(target, key): unknown {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol') return inner;
      const here = [...path, key];
      onRead(here);
      return typeof inner === 'object' && inner !== null ? watched(inner, here, onRead) : inner;
    },
  });
}
