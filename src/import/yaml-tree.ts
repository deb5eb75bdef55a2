import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { KclusterError } from '../errors.js';
import type { Filled } from './variables.js';

/** Where something stands in a file; lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** A value of YAML that knows its place; aliases and merge keys are followed, and stand where their anchor is. */
export type Tree = TreeScalar | TreeList | TreeMap;

export interface TreeScalar {
  kind: 'scalar';
  /** As it is written, with variables filled in; empty for nothing. */
  text: string;
  /** There is nothing behind the key, or `null`. */
  isNull: boolean;
  at: Place;
  /** Variables in it that have no value. */
  unset: readonly string[];
  /** What is wrong with a variable in it. */
  fault?: string;
}

export interface TreeList {
  kind: 'list';
  items: readonly Tree[];
  at: Place;
}

export interface TreeMap {
  kind: 'map';
  entries: ReadonlyMap<string, TreeEntry>;
  /** Keys that are written twice; the last one counts. */
  repeated: readonly { key: string; at: Place }[];
  at: Place;
}

export interface TreeEntry {
  key: string;
  /** Of the key. */
  at: Place;
  value: Tree;
}

/** More values than any compose file has; aliases of aliases can stand for any number. */
const mostValues = 200_000;

/**
 * Reads YAML into a tree with places.
 * @param fill puts variables into a text
 * @throws KclusterError `invalidSpec` with every place where it is not YAML
 */
export function readTree(file: string, content: string, fill: (text: string) => Filled): Tree {
  const text = content.replace(/^\uFEFF/, '');
  const lines = new LineCounter();
  const document = parse(file, text, lines);
  const complaints = document.errors.map(({ message, pos, code }) => {
    const { line, col } = lines.linePos(pos[0]);
    const why = code === 'MULTIPLE_DOCS' ? 'another document begins here' : message.split('\n')[0];
    return `${file}:${line}:${col}: ${why}`;
  });
  if (text.includes('\0')) complaints.unshift(`${file}: this is not a text`);
  if (complaints.length > 0) throw notYaml(file, complaints);
  return new Reader(file, document, lines, fill).read(document.contents);
}

function parse(file: string, text: string, lines: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, {
      lineCounter: lines,
      schema: 'core',
      version: '1.2',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch (error) {
    // What is nested deeper than the stack of this program.
    if (error instanceof RangeError) throw notYaml(file, [`${file}: it is nested too deep`]);
    throw error;
  }
}

class Reader {
  readonly #file: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #fill: (text: string) => Filled;
  /** The nodes around the one that is read: an alias of one of them has no end. */
  readonly #open = new Set<unknown>();
  #count = 0;

  constructor(
    file: string,
    document: Document.Parsed,
    lines: LineCounter,
    fill: (text: string) => Filled,
  ) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
    this.#fill = fill;
  }

  read(node: unknown): Tree {
    this.#count += 1;
    if (this.#count > mostValues)
      throw notYaml(this.#file, [`${this.#file}: its aliases stand for too much`]);
    if (isAlias(node)) {
      const anchored = node.resolve(this.#document);
      if (anchored) return this.read(anchored);
      const { line, column } = this.#place(node);
      const place = `${this.#file}:${line}:${column}`;
      throw notYaml(this.#file, [`${place}: there is no anchor &${node.source} before this`]);
    }
    if (this.#open.has(node)) return nothing(this.#place(node));
    this.#open.add(node);
    try {
      if (isSeq(node))
        return {
          kind: 'list',
          items: node.items.map((item) => this.read(item)),
          at: this.#place(node),
        };
      return isMap(node) ? this.#map(node) : this.#scalar(node);
    } finally {
      this.#open.delete(node);
    }
  }

  #map(node: YAMLMap): TreeMap {
    const merged = new Map<string, TreeEntry>();
    const own = new Map<string, TreeEntry>();
    const repeated: { key: string; at: Place }[] = [];
    for (const pair of node.items) {
      const key = keyOf(pair);
      const at = this.#place(pair.key);
      if (key === '<<') {
        // Of several maps the first has the last word.
        const entries = this.#merge(pair.value).toReversed();
        for (const entry of entries) merged.set(entry.key, entry);
        continue;
      }
      if (own.has(key)) repeated.push({ key, at });
      own.set(key, { key, at, value: pair.value === null ? nothing(at) : this.read(pair.value) });
    }
    return {
      kind: 'map',
      entries: new Map([...merged, ...own]),
      repeated,
      at: this.#place(node),
    };
  }

  /** The entries of the map, or of each map of the list, behind `<<`. */
  #merge(value: unknown): TreeEntry[] {
    const tree = this.read(value);
    const maps = tree.kind === 'list' ? tree.items : [tree];
    return maps.flatMap((each) => (each.kind === 'map' ? [...each.entries.values()] : []));
  }

  #scalar(node: unknown): TreeScalar {
    const at = this.#place(node);
    if (!isScalar(node) || node.value === null) return nothing(at);
    const { text, unset, fault } = this.#fill(textOf(node));
    return {
      kind: 'scalar',
      text,
      isNull: false,
      at,
      unset,
      ...(fault !== undefined && { fault }),
    };
  }

  #place(node: unknown): Place {
    const { line, col } = this.#lines.linePos((node as Node | null)?.range?.[0] ?? 0);
    // A file of nothing has no line.
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

/** A number or a truth value as it is written: `1.20`, `yes`. */
function textOf(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? textOf(key) : String(key);
}

function nothing(at: Place): TreeScalar {
  return { kind: 'scalar', text: '', isNull: true, at, unset: [] };
}

function notYaml(file: string, details: readonly string[]): KclusterError {
  return new KclusterError('invalidSpec', `${file} is not YAML`, { details });
}
