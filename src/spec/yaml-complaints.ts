import { isMap, isScalar, isSeq, visit, type Document } from 'yaml';
import { brief, type Range } from './excerpt.js';
import type { SpecPath } from './path.js';
import { isMerge, keyText, pathTo, rangeOf, resolved } from './yaml-nodes.js';

/** Something that is wrong with a YAML file, and where. */
export interface Complaint {
  /** One line. */
  message: string;
  range: Range;
}

/** More errors than these mostly follow from the first. */
const mostErrors = 5;

/** Of a message that quotes the file. */
const longest = 200;

/** Why a document can't be read at all; of the errors in a line only the first. */
export function unreadable(document: Document, text: string): Complaint[] {
  const errors = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  const lines = new Map<number, Complaint>();
  for (const { code, message, pos } of errors) {
    const line = text.slice(0, pos[0]).split('\n').length;
    const isVariable = text.slice(pos[0] - 1, pos[0] + 1) === '${';
    const words = isVariable ? variableInFlow : wordsOf(code, message);
    if (!lines.has(line)) lines.set(line, { message: words, range: pos });
  }
  if (lines.size > 0) return [...lines.values()].slice(0, mostErrors);
  return badNodes(document);
}

const variableInFlow = 'within [ ] or { } a variable stands in quotes';

/** In place of the parser's own words, where those do not say what to do. */
function wordsOf(code: string, message: string): string {
  const words: Record<string, string> = {
    TAB_AS_INDENT: 'lines are indented by blanks, not by tabs',
    MULTIPLE_DOCS: 'a file describes one cluster, and here begins another document',
    BLOCK_AS_IMPLICIT_KEY: 'a value that has ": " in it stands in quotes',
    RESOURCE_EXHAUSTION: 'this is nested too deep',
  };
  const [line = ''] = message.split('\n');
  return words[code] ?? brief(line.slice(0, 1).toLowerCase() + line.slice(1), longest);
}

/** What the parser lets pass, and has no meaning. */
function badNodes(document: Document): Complaint[] {
  const complaints: Complaint[] = [];
  const complain = (message: string, node: unknown): void => {
    complaints.push({ message, range: rangeOf(node) });
  };
  visit(document, {
    Alias(_key, node, ancestors) {
      const target = node.resolve(document);
      if (!target) complain(`there is no anchor &${node.source} before it`, node);
      else if (ancestors.includes(target)) complain('an alias is part of what it stands for', node);
    },
    Pair(_key, pair) {
      if (!isScalar(pair.key)) complain('a key is a word, not a map, a list or an alias', pair.key);
      if (isMerge(pair) && !canMerge(pair.value, document))
        complain('"<<" takes an alias of a map, or a list of such', pair.key);
    },
  });
  return complaints;
}

function canMerge(value: unknown, document: Document): boolean {
  const source = resolved(value, document);
  const each = isSeq(source) ? source.items : [source];
  return each.every((item) => isMap(resolved(item, document)));
}

/** Every key that is there twice in its map, but for its first place. */
export function repeatedKeys(document: Document): (Complaint & { path: SpecPath })[] {
  const complaints: (Complaint & { path: SpecPath })[] = [];
  visit(document, {
    Map(_key, map, ancestors) {
      const path = pathTo(ancestors, map);
      const seen = new Set<string>();
      for (const pair of map.items.filter((each) => !isMerge(each))) {
        const key = keyText(pair);
        if (seen.has(key))
          complaints.push({
            message: 'this key is here already',
            range: rangeOf(pair.key),
            path: [...path, key],
          });
        seen.add(key);
      }
    },
  });
  return complaints;
}
