import type { Fault, Said } from './model.js';
import type { Place, Tree, TreeEntry, TreeMap } from './yaml-tree.js';

/** Reads parts of a tree as what they should be; what is not is a fault, and is left out. */
export interface Form {
  faults: Fault[];
}

export function misshapen({ faults }: Form, at: Place, message: string): undefined {
  faults.push({ rule: 'form', weight: 'fatal', message, at });
  return undefined;
}

export function mapIn(form: Form, tree: Tree | undefined, what: string): TreeMap | undefined {
  if (tree === undefined || tree.kind === 'map') return tree;
  if (isNothing(tree)) return undefined;
  return misshapen(form, tree.at, `${what} is a map of keys`);
}

/** A text, or a number as it is written. */
export function textIn(form: Form, tree: Tree | undefined, what: string): Said<string> | undefined {
  if (tree === undefined || isNothing(tree)) return undefined;
  if (tree.kind === 'scalar') return { value: tree.text, at: tree.at };
  return misshapen(form, tree.at, `${what} is one value`);
}

/** The items of a list; one value by itself counts as such a list where Compose has it so. */
export function itemsIn(
  form: Form,
  tree: Tree | undefined,
  what: string,
  single: 'single' | 'list' = 'list',
): readonly Tree[] {
  if (tree === undefined || isNothing(tree)) return [];
  if (tree.kind === 'list') return tree.items;
  if (tree.kind === 'scalar' && single === 'single') return [tree];
  misshapen(form, tree.at, `${what} is a list`);
  return [];
}

/** The texts of a list. */
export function textsIn(
  form: Form,
  tree: Tree | undefined,
  what: string,
  single: 'single' | 'list' = 'list',
): Said<string>[] {
  return itemsIn(form, tree, what, single).flatMap((item) => textIn(form, item, what) ?? []);
}

export function numberIn(
  form: Form,
  tree: Tree | undefined,
  what: string,
): Said<number> | undefined {
  const said = textIn(form, tree, what);
  if (said === undefined) return undefined;
  if (/^\d{1,9}$/.test(said.value)) return { value: Number(said.value), at: said.at };
  return misshapen(form, said.at, `${what} is a whole number, not "${said.value}"`);
}

/** Entries of a map, or of a list of `KEY` and `KEY=value`, as environment and labels are written. */
export function pairsIn(
  form: Form,
  tree: Tree | undefined,
  what: string,
): { key: string; value?: string; at: Place }[] {
  if (tree === undefined || isNothing(tree)) return [];
  if (tree.kind === 'scalar') {
    misshapen(form, tree.at, `${what} is a map or a list`);
    return [];
  }
  if (tree.kind === 'map') {
    repeatedIn(form, tree);
    return entriesOf(tree).flatMap(({ key, at, value }) => {
      if (isNothing(value)) return [{ key, at }];
      const said = textIn(form, value, `${what}.${key}`);
      return said ? [{ key, value: said.value, at }] : [];
    });
  }
  return tree.items.flatMap((item) => {
    const said = textIn(form, item, what);
    if (!said) return [];
    const [key = '', value] = said.value.split(/=(.*)/s, 2);
    return [{ key, at: said.at, ...(value !== undefined && { value }) }];
  });
}

export function entriesOf(map: TreeMap | undefined): readonly TreeEntry[] {
  return map ? [...map.entries.values()] : [];
}

export function childOf(map: TreeMap | undefined, key: string): Tree | undefined {
  return map?.entries.get(key)?.value;
}

export function isNothing(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.isNull;
}

/** Keys that are there twice: Compose refuses the file, and other readers of YAML take the last. */
export function repeatedIn({ faults }: Form, map: TreeMap | undefined): void {
  for (const { key, at } of map?.repeated ?? [])
    faults.push({
      rule: 'duplicate-key',
      weight: 'fatal',
      message: `the key ${key} is there twice`,
      at,
    });
}

/** What is wrong with variables anywhere in a tree. */
export function variableFaults(tree: Tree): Fault[] {
  if (tree.kind === 'list') return tree.items.flatMap(variableFaults);
  if (tree.kind === 'map') return entriesOf(tree).flatMap(({ value }) => variableFaults(value));
  return [
    ...tree.unset.map((name): Fault => ({
      rule: 'unset-variable',
      weight: 'doubtful',
      message: `$${name} has no value`,
      at: tree.at,
    })),
    ...(tree.fault === undefined
      ? []
      : [{ rule: 'variable', weight: 'fatal', message: tree.fault, at: tree.at } as const]),
  ];
}
