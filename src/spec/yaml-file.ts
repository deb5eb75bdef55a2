import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  Scalar,
  visit,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import { KclusterError } from '../errors.js';
import { interpolate, InterpolationError } from './interpolate.js';
import type { Layer, Place } from './layer.js';
import { isTree, type SpecPath, type SpecTree } from './path.js';

/**
 * The layer of a kcluster.yaml: its values with variables filled in, and where each was written.
 * @param name what the file is called in messages
 * @throws KclusterError `invalidSpec` with every place where it is not YAML, or a variable is missing
 */
export function fileLayer(
  name: string,
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const source: Source = { name, text, lines };
  const complaints = [
    ...document.errors.map(({ message, pos }) => ({ message, range: pos })),
    ...fillIn(document, env),
  ];
  if (complaints.length > 0) throw notReadable(source, complaints);
  const tree: unknown = document.toJS() ?? {};
  if (!isTree(tree)) {
    const complaint = { message: 'a map of keys is expected here', range: [0, 0] as const };
    throw notReadable(source, [complaint]);
  }
  return {
    kind: 'file',
    tree: withoutNulls(tree),
    place: (path, part = 'value') => placeIn(source, rangeOf(document.contents, path, part)),
  };
}

interface Source {
  name: string;
  text: string;
  lines: LineCounter;
}

/** Offsets of the first character and of the one behind the last. */
type Range = readonly [from: number, to: number];

interface Complaint {
  message: string;
  range: Range;
}

/** Fills in variables in every value, and keeps numbers that are too large for JavaScript as they are written. */
function fillIn(
  document: Document.Parsed,
  env: Readonly<Record<string, string | undefined>>,
): Complaint[] {
  const complaints: Complaint[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key') return;
      if (typeof node.value === 'number' && !Number.isSafeInteger(node.value) && node.source)
        node.value = Number.isInteger(node.value) ? node.source : node.value;
      if (typeof node.value !== 'string' || !node.value.includes('$')) return;
      try {
        const filled = interpolate(node.value, env);
        node.value = node.type === Scalar.PLAIN ? retyped(filled) : filled;
      } catch (error) {
        if (!(error instanceof InterpolationError)) throw error;
        complaints.push({ message: error.message, range: rangeOfNode(node) });
      }
    },
  });
  return complaints;
}

/** A plain value is what YAML would read there: a number, true, false, nothing or text. */
function retyped(text: string): unknown {
  if (/^(|~|null)$/.test(text)) return null;
  if (/^(true|false)$/.test(text)) return text === 'true';
  const number = Number(text);
  const isNumber = /^-?\d+(\.\d+)?$/.test(text) && String(number) === text;
  return isNumber ? number : text;
}

/**
 * A key with nothing behind it, as where all of a section is commented out, counts as left out; but a setting without
 * a value is a mistake.
 */
function withoutNulls(tree: SpecTree): SpecTree {
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => {
        const isOpen = key === 'settings' || key === 'config';
        return [key, isTree(value) && !isOpen ? withoutNulls(value) : value];
      }),
  );
}

/** Of the value at the path, or of the nearest that is there above it. */
function rangeOf(node: unknown, path: SpecPath, part: 'key' | 'value'): Range {
  let range: Range = [0, 0];
  let inner = node;
  for (const [index, key] of path.entries()) {
    const isLast = index === path.length - 1;
    if (isSeq(inner)) inner = inner.items[Number(key)];
    else if (isMap(inner)) {
      const pair = inner.items.find((each) => keyText(each) === key);
      if (!pair) return range;
      const wantsKey = part === 'key' || !isLast || isMap(pair.value) || isSeq(pair.value);
      range = rangeOfNode(wantsKey ? pair.key : (pair.value ?? pair.key));
      inner = pair.value;
      continue;
    } else return range;
    if (inner === undefined) return range;
    range = rangeOfNode(inner);
  }
  return range;
}

function keyText({ key }: Pair): string {
  return String(isScalar(key) ? key.value : key);
}

function rangeOfNode(node: unknown): Range {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : [0, 0];
}

function placeIn({ name, text, lines }: Source, [from, to]: Range): Place {
  const { line, col } = lines.linePos(from);
  const row = text.split('\n')[line - 1]?.trimEnd() ?? '';
  const length = Math.max(1, Math.min(to - from, row.length - col + 1));
  const number = String(line).padStart(5);
  return {
    label: `${name}:${line}:${col}`,
    offset: from,
    excerpt: [
      `${number} | ${row}`,
      `${' '.repeat(5)} | ${' '.repeat(col - 1)}${'^'.repeat(length)}`,
    ],
  };
}

function notReadable(source: Source, complaints: readonly Complaint[]): KclusterError {
  return new KclusterError('invalidSpec', `${source.name} can't be read`, {
    details: complaints.flatMap(({ message, range }) => {
      const { label, excerpt = [] } = placeIn(source, range);
      return [`${label}: ${message.split('\n')[0]}`, ...excerpt];
    }),
    hints: ['Begin with a working one: `kcluster init`.'],
  });
}
