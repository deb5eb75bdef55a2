import { parseDocument, Scalar, visit, type Document } from 'yaml';
import { KclusterError } from '../errors.js';
import { brief, placeIn, type SourceText } from './excerpt.js';
import { interpolate, InterpolationError, type Variables } from './interpolate.js';
import type { Layer } from './layer.js';
import { isTree, type SpecPath, type SpecTree } from './path.js';
import { keysAt } from './schema-walk.js';
import { repeatedKeys, unreadable, type Complaint } from './yaml-complaints.js';
import { pathTo, rangeAt, rangeOf } from './yaml-nodes.js';

/** YAML 1.2 whatever a directive says: `yes` is text, `012` is no octal number. */
const yaml12 = { schema: 'core', merge: true, uniqueKeys: false, prettyErrors: false } as const;

/**
 * The layer of a kcluster.yaml: its values with variables filled in, and where each was written. What is wrong with
 * single keys and variables is among its problems.
 * @param name what the file is called in messages
 * @throws KclusterError `invalidSpec` with every place where it is not YAML
 */
export function fileLayer(name: string, content: string, env: Variables): Layer {
  const source = { name, text: content.replace(/^\uFEFF/, '') };
  if (source.text.includes('\0')) throw notReadable(source, [{ message: notText, range: [0, 0] }]);
  const document = parseDocument(source.text, { ...yaml12, logLevel: 'error' });
  const broken = unreadable(document, source.text);
  if (broken.length > 0) throw notReadable(source, broken);
  const complaints = [...repeatedKeys(document), ...fillIn(document, env)];
  return {
    kind: 'file',
    tree: withoutNulls(treeOf(source, document), []),
    place: (path, part = 'value') => placeIn(source, rangeAt(document, path, part)),
    problems: complaints.map(({ path, message, range }) => ({
      path,
      message,
      place: placeIn(source, range),
    })),
  };
}

const notText = 'this is not a text in UTF-8';

/** Fills in variables in every value. */
function fillIn(document: Document, env: Variables): (Complaint & { path: SpecPath })[] {
  const complaints: (Complaint & { path: SpecPath })[] = [];
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key') return;
      keepAsWritten(node);
      if (typeof node.value !== 'string' || !node.value.includes('$')) return;
      try {
        const filled = interpolate(node.value, env);
        node.value = node.type === Scalar.PLAIN ? retyped(filled) : filled;
      } catch (error) {
        if (!(error instanceof InterpolationError)) throw error;
        const path = pathTo(ancestors, node);
        complaints.push({ message: brief(error.message, 200), range: rangeOf(node), path });
      }
    },
  });
  return complaints;
}

/**
 * Keeps a number that JavaScript would write in another way as the text that it is: `3.0` as a version, or one that is
 * too large.
 */
function keepAsWritten(node: Scalar): void {
  if (typeof node.value !== 'number' || node.source === undefined) return;
  if (String(node.value) !== node.source) node.value = node.source;
}

/** A plain value is what YAML would read there: a number, true, false, nothing or text. */
function retyped(text: string): unknown {
  if (/^(|~|null)$/.test(text)) return null;
  if (/^(true|false)$/.test(text)) return text === 'true';
  const number = Number(text);
  const isNumber = /^-?\d+(\.\d+)?$/.test(text) && String(number) === text;
  return isNumber ? number : text;
}

/** @throws KclusterError `invalidSpec` for what is no map of keys */
function treeOf(source: SourceText, document: Document): SpecTree {
  const range = rangeOf(document.contents);
  const tree = plainValue(source, document) ?? {};
  if (isTree(tree)) return tree;
  throw notReadable(source, [{ message: 'a map of keys is expected here', range }]);
}

function plainValue(source: SourceText, document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // The one thing that is left to go wrong: aliases of aliases that come to more than fits anywhere.
    if (!(error instanceof ReferenceError)) throw error;
    throw notReadable(source, [
      { message: 'its aliases stand for too much', range: rangeOf(document.contents) },
    ]);
  }
}

/**
 * A key with nothing behind it, as where all of a section is commented out, counts as left out; a topic or a broker
 * that is only named has nothing of its own. A setting without a value is a mistake, and an unknown key stays one.
 */
function withoutNulls(tree: SpecTree, path: SpecPath): SpecTree {
  const keys = keysAt(path);
  const entries = Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
    if (isTree(value)) return [[key, withoutNulls(value, [...path, key])]];
    if (value !== null) return [[key, value]];
    if (keys === 'entries') return [[key, {}]];
    return Array.isArray(keys) && keys.includes(key) ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

function notReadable(source: SourceText, complaints: readonly Complaint[]): KclusterError {
  return new KclusterError('invalidSpec', `${source.name} can't be read`, {
    details: complaints.flatMap(({ message, range }) => {
      const { label, excerpt = [] } = placeIn(source, range);
      return [`${label}: ${message}`, ...excerpt];
    }),
    hints: ['Begin with a working one: `kcluster init`.'],
  });
}
