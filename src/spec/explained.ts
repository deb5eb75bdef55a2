import { stringify } from 'yaml';
import { isTree, leavesOf, pathText, type SpecPath, type SpecTree } from './path.js';
import { keysAt } from './schema-walk.js';

/** Where a value comes from. */
export type OriginOf = (path: SpecPath) => string;

/** The origin of each value, by its path as text. */
export function originsOf(tree: SpecTree, originOf: OriginOf): Record<string, string> {
  return Object.fromEntries(leavesOf(tree).map((path) => [pathText(path), originOf(path)]));
}

/** A specification as a kcluster.yaml that says the same, each value with its origin in a comment behind it. */
export function explainedYaml(tree: SpecTree, originOf: OriginOf): string {
  const lines = linesOf(tree, [], originOf);
  const width = Math.max(0, ...lines.map(({ text }) => text.length).filter((each) => each <= 60));
  return lines
    .map(({ text, origin }) => (origin === undefined ? text : `${text.padEnd(width)}  # ${origin}`))
    .join('\n');
}

interface Line {
  text: string;
  /** Undefined of a section. */
  origin?: string;
}

function linesOf(tree: SpecTree, path: SpecPath, originOf: OriginOf): Line[] {
  const indent = '  '.repeat(path.length);
  return Object.entries(tree).flatMap(([key, value]): Line[] => {
    const here = [...path, key];
    const begin = `${indent}${written(key)}:`;
    if (isTree(value) && Object.keys(value).length > 0)
      return [{ text: begin }, ...linesOf(value, here, originOf)];
    return [{ text: `${begin} ${withoutVariables(written(value))}`, origin: originOf(here) }];
  });
}

/** The tree with its keys as the schema has them; those of the user's own stay as they come. */
export function inSchemaOrder(tree: SpecTree, path: SpecPath = []): SpecTree {
  const known = keysAt(path);
  const keys = Object.keys(tree);
  const ordered = Array.isArray(known)
    ? keys.toSorted((a, b) => known.indexOf(a) - known.indexOf(b))
    : keys;
  return Object.fromEntries(
    ordered.map((key) => {
      const value = tree[key];
      return [key, isTree(value) ? inSchemaOrder(value, [...path, key]) : value];
    }),
  );
}

/** A key or a value on one line, quoted where it has to be. */
function written(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON is YAML, and keeps white space at the ends of a text.
  if (/"\s|\s"/.test(json)) return json;
  const oneLine = { lineWidth: 0, blockQuote: false, collectionStyle: 'flow' } as const;
  return stringify(value, { ...oneLine, flowCollectionPadding: false }).trimEnd();
}

/** A dollar sign that begins no variable. */
function withoutVariables(text: string): string {
  return text.replaceAll('$', '$$$$');
}
