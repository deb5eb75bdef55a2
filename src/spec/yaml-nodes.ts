import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Range } from './excerpt.js';
import type { SpecPath } from './path.js';

/** The range of the value at the path, or of its key; of the nearest that is there above it where it is not. */
export function rangeAt(document: Document, path: SpecPath, part: 'key' | 'value'): Range {
  let range = rangeOf(document.contents);
  let node: unknown = document.contents;
  for (const [index, key] of path.entries()) {
    const outer = resolved(node, document);
    if (isMap(outer)) {
      const pair = pairOf(outer, key, document);
      if (!pair) return range;
      const wantsKey = part === 'key' || index < path.length - 1 || isCollection(pair.value);
      range = rangeOf(wantsKey ? pair.key : (pair.value ?? pair.key));
      node = pair.value;
    } else {
      node = isSeq(outer) ? outer.items[Number(key)] : undefined;
      if (node === undefined) return range;
      range = rangeOf(node);
    }
  }
  return range;
}

/** The path to a node below its ancestors, which are those of `visit`. */
export function pathTo(ancestors: readonly unknown[], node: unknown): SpecPath {
  return ancestors.flatMap((ancestor, index) => {
    if (isPair(ancestor)) return isMerge(ancestor) ? [] : [keyText(ancestor)];
    return isSeq(ancestor) ? [String(ancestor.items.indexOf(ancestors[index + 1] ?? node))] : [];
  });
}

/** The text of a key that is a scalar, as the key of a JavaScript object is. */
export function keyText({ key }: Pair): string {
  const value = isScalar(key) ? key.value : key;
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `<<`, which stands for the keys of another map. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

export function rangeOf(node: unknown): Range {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : [0, 0];
}

/** What an alias stands for. */
export function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

/** Its own, or that of a map which is merged into it. */
function pairOf(map: YAMLMap, key: string, document: Document): Pair | undefined {
  const own = map.items.findLast((pair) => !isMerge(pair) && keyText(pair) === key);
  if (own) return own;
  for (const { value } of map.items.filter(isMerge)) {
    const source = resolved(value, document);
    for (const each of isSeq(source) ? source.items : [source]) {
      const merged = resolved(each, document);
      const pair = isMap(merged) ? pairOf(merged, key, document) : undefined;
      if (pair) return pair;
    }
  }
  return undefined;
}

function isCollection(node: unknown): boolean {
  return isMap(node) || isSeq(node);
}
