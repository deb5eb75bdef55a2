import { Document, isMap, isScalar, Scalar } from 'yaml';
import { isTree, type SpecPath, type SpecTree } from '../../spec/path.js';
import { keysAt } from '../../spec/schema-walk.js';
import type { Decision } from './part.js';

/**
 * A specification as the text of a kcluster.yaml, each decision as a comment above what it is about.
 * @param heading lines of a comment at the top
 */
export function specText(
  tree: SpecTree,
  decisions: readonly Decision[],
  heading: readonly string[],
): string {
  const document = new Document(inOrder(tree, []));
  document.commentBefore = heading.map((line) => ` ${line}`).join('\n');
  for (const { path, why } of decisions) comment(document, path, why);
  return document.toString({ lineWidth: 0 });
}

/** The tree in the order of the schema, with values as people write them. */
function inOrder(tree: SpecTree, path: SpecPath): SpecTree {
  const known = keysAt(path);
  const places = Array.isArray(known) ? known : [];
  const entries = Object.entries(tree)
    .map(([key, value], index) => ({ key, value, place: places.indexOf(key), index }))
    .toSorted((a, b) => a.place - b.place || a.index - b.index);
  return Object.fromEntries(entries.map(({ key, value }) => [key, written(value, [...path, key])]));
}

function written(value: unknown, path: SpecPath): unknown {
  if (isTree(value)) return inOrder(value, path);
  if (Array.isArray(value)) return value.map((each) => written(each, path));
  if (typeof value !== 'string') return value;
  const isSetting = path.includes('settings') || path.includes('config');
  return isSetting ? plainly(value) : withoutVariables(value);
}

/** A number or a truth value of a setting needs no quotes, since it becomes its text again. */
function plainly(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  const number = Number(value);
  return Number.isSafeInteger(number) && String(number) === value
    ? number
    : withoutVariables(value);
}

/** A dollar sign would begin a variable. */
function withoutVariables(value: string): string {
  return value.replaceAll('$', '$$$$');
}

function comment(document: Document, path: SpecPath, why: string): void {
  const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return;
  const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
  if (!pair) return;
  const key = pair.key instanceof Scalar ? pair.key : new Scalar(pair.key);
  key.commentBefore = wrapped(why)
    .map((line) => ` ${line}`)
    .join('\n');
  pair.key = key;
}

const commentWidth = 96;

function wrapped(text: string): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= commentWidth) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
