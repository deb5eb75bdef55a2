/** Where a value is in a specification: `['kafka', 'settings', 'log.retention.hours']`. */
export type SpecPath = readonly string[];

/** A specification before it is checked: maps, lists and scalars. */
export type SpecTree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is SpecTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `kafka.settings[log.retention.hours]`: a key with dots of its own stands in brackets, and so does a list's index. */
export function pathText(path: SpecPath): string {
  return path
    .map((key, index) => {
      if (!/^[\w-]+$/.test(key) || /^\d+$/.test(key)) return `[${key}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: unknown, path: SpecPath): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return (value as unknown[])[Number(key)];
    return isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, tree);
}

/** The tree that has one value. */
export function treeOf(path: SpecPath, value: unknown): SpecTree {
  return path.toReversed().reduce<unknown>((inner, key) => ({ [key]: inner }), value) as SpecTree;
}

/** Both trees in one, value by value; where both have one, the first's. */
export function mergeTrees(strong: SpecTree, weak: SpecTree): SpecTree {
  const merged: Record<string, unknown> = { ...weak };
  for (const [key, value] of Object.entries(strong)) {
    if (value === undefined) continue;
    const other = Object.hasOwn(merged, key) ? merged[key] : undefined;
    setOwn(merged, key, isTree(value) && isTree(other) ? mergeTrees(value, other) : value);
  }
  return merged;
}

/** Every path that has a value which is no map. */
export function leavesOf(tree: SpecTree, path: SpecPath = []): SpecPath[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) && Object.keys(value).length > 0
      ? leavesOf(value, [...path, key])
      : [[...path, key]],
  );
}

/** The tree without the values at the paths. */
export function without(tree: SpecTree, paths: readonly SpecPath[]): SpecTree {
  const gone = new Set(paths.map((path) => path.join('\0')));
  return leavesOf(tree)
    .filter((path) => !gone.has(path.join('\0')))
    .reduce<SpecTree>((kept, path) => mergeTrees(treeOf(path, valueAt(tree, path)), kept), {});
}

/** Also of a key that means something else to JavaScript, such as `__proto__`. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
