import { isMap, isScalar, isSeq, visit, type Document, type Pair, type YAMLMap } from 'yaml';
import type { Range } from './excerpt.js';
import type { SpecPath } from './path.js';
import { isMerge, keyText, pathTo, rangeOf, resolved } from './yaml-nodes.js';

/** Something that is wrong with a YAML file, and where. */
export interface Complaint {
  message: string;
  range: Range;
}

/** More errors than these mostly follow from the first. */
const mostErrors = 5;

/** Why a document can't be read at all. */
export function unreadable(document: Document): Complaint[] {
  const errors = [...document.errors, ...document.warnings]
    .map(({ code, message, pos }) => ({ message: wordsOf(code, message), range: pos }))
    .toSorted((a, b) => a.range[0] - b.range[0]);
  if (errors.length > 0) return errors.slice(0, mostErrors);
  return badAliases(document);
}

/** In place of the parser's own words, where those do not say what to do. */
function wordsOf(code: string, message: string): string {
  const words: Record<string, string> = {
    TAB_AS_INDENT: 'lines are indented by blanks, not by tabs',
    MULTIPLE_DOCS: 'a file describes one cluster, and here begins another document',
    BLOCK_AS_IMPLICIT_KEY: 'a value that has ": " in it stands in quotes',
    RESOURCE_EXHAUSTION: 'this is nested too deep',
  };
  return words[code] ?? message.slice(0, 1).toLowerCase() + message.slice(1).split('\n')[0]!;
}

function badAliases(document: Document): Complaint[] {
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

/** Keys that make no sense, in a document that can be read. */
export function badKeys(document: Document): (Complaint & { path: SpecPath })[] {
  const complaints: (Complaint & { path: SpecPath })[] = [];
  visit(document, {
    Map(_key, map, ancestors) {
      const path = pathTo(ancestors, map);
      for (const { pair, message } of badKeysOf(map))
        complaints.push({ message, range: rangeOf(pair.key), path: [...path, keyText(pair)] });
    },
  });
  return complaints;
}

function badKeysOf(map: YAMLMap): { pair: Pair; message: string }[] {
  const seen = new Set<string>();
  return map.items.flatMap((pair) => {
    if (isMerge(pair)) return [];
    if (!isScalar(pair.key)) return [{ pair, message: 'a key is a word, not a map or a list' }];
    const key = keyText(pair);
    if (seen.has(key)) return [{ pair, message: 'this key is here already' }];
    seen.add(key);
    return [];
  });
}
