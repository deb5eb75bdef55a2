import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCollection, isMap, parseDocument, stringify, type Document } from 'yaml';
import { exampleNames } from '../../src/commands/example-names.js';
import { KclusterError } from '../../src/errors.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { anySpec } from '../helpers/any-spec.js';
import { exampleText, lifted } from '../helpers/examples.js';

/** Files that are fine. */
const anyFile = fc.oneof(
  fc.constantFrom(
    ...exampleNames.flatMap((name) => [exampleText(name), lifted(exampleText(name))]),
  ),
  anySpec.map((tree) => stringify(tree).replaceAll('$', '$$$$')),
);

describe('a file that somebody has changed', () => {
  it('is a specification or a list of problems, each at its place: other values', () => {
    fc.assert(
      fc.property(anyFile, fc.array(anyChange, { minLength: 1, maxLength: 4 }), (text, changes) => {
        const document = parseDocument(text, { uniqueKeys: false });
        for (const change of changes) applyChange(document, change);
        expectDiagnosis(document.toString());
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('is a specification or a list of problems, each at its place: other text', () => {
    fc.assert(
      fc.property(anyFile, fc.array(anyEdit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        expectDiagnosis(edits.reduce(edited, text));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('is a specification or a list of problems, each at its place: any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), expectDiagnosis), { numRuns: 200 });
  });
});

/** A change of one node of those that there are. */
const anyChange = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('delete', 'double', 'replace', 'rename'),
  value: fc.jsonValue(),
});
type Change = typeof anyChange extends fc.Arbitrary<infer T> ? T : never;

function applyChange(document: Document, { place, how, value }: Change): void {
  const paths = pathsIn(document);
  const path = paths[place % Math.max(1, paths.length)];
  if (!path) return;
  const outer = document.getIn(path.slice(0, -1), true);
  if (how === 'delete') document.deleteIn(path);
  else if (how === 'replace') document.setIn(path, document.createNode(value));
  else if (isMap(outer)) {
    const name = how === 'double' ? path.at(-1) : JSON.stringify(value);
    outer.items.push(document.createPair(name, value));
  }
}

function pathsIn(document: Document): unknown[][] {
  const paths: unknown[][] = [];
  const walk = (node: unknown, path: unknown[]): void => {
    if (!isCollection(node)) return;
    const keys = isMap(node)
      ? node.items.map(({ key }) => (key as { value: unknown }).value)
      : node.items.map((_, index) => index);
    for (const key of keys) {
      paths.push([...path, key]);
      walk(node.get(key, true), [...path, key]);
    }
  };
  walk(document.contents, []);
  return paths;
}

/** What trips parsers. */
const snippets = [
  ...[
    '\t',
    '\r\n',
    '\r',
    '\0',
    '\uFEFF',
    '\u2028',
    '"',
    "'",
    '`',
    '%YAML 1.1\n---\n',
    '---\n',
    '...\n',
  ],
  ...[
    ': ',
    ':',
    '- ',
    '? ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    ' #',
    '&a ',
    '*a',
    '<<: *a',
    '!!map ',
    '!x ',
  ],
  ...[
    '$',
    '${',
    '${A}',
    '$$',
    '${A:-',
    '|\n',
    '>-\n',
    '@',
    '*',
    '&',
    '!',
    '~',
    'null',
    '.nan',
    '0x1F',
  ],
  ...['__proto__: 1\n', 'constructor: {}\n', '\ud800', '😀', '\u0301', '\x1b[31m', '1e999', '-0'],
];

/** An edit of one place. */
const anyEdit = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 40 }),
  insert: fc.oneof(fc.constantFrom(...snippets), fc.string({ maxLength: 8 })),
  how: fc.constantFrom('insert', 'delete', 'overwrite', 'repeat', 'move'),
});
type Edit = typeof anyEdit extends fc.Arbitrary<infer T> ? T : never;

function edited(text: string, { at, length, insert, how }: Edit): string {
  const place = at % (text.length + 1);
  const [head, piece, tail] = [
    text.slice(0, place),
    text.slice(place, place + length),
    text.slice(place + length),
  ];
  return {
    insert: head + insert + piece + tail,
    delete: head + tail,
    overwrite: head + insert + tail,
    repeat: head + piece + piece + tail,
    move: tail + head + piece,
  }[how];
}

function expectDiagnosis(text: string): void {
  const failure = failureOf(text);
  if (!failure) return;
  expect(failure.kind).toBe('invalidSpec');
  expect(failure.details.length).toBeGreaterThan(0);
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (const [index, detail] of failure.details.entries()) {
    const isExcerpt = /^ *\d* \| /.test(detail);
    expect(detail).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
    expect(detail.length).toBeLessThan(400);
    if (isExcerpt) continue;
    const [, line, column] = /^kcluster\.yaml:(\d+):(\d+): ./.exec(detail)!.map(Number);
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThan(0);
    expect(column).toBeLessThanOrEqual(lines[line! - 1]!.length + 1);
    expect(failure.details[index + 1]).toMatch(new RegExp(`^ *${line} \\| `));
    expect(failure.details[index + 2]).toMatch(/^ +\| *\^+$/);
  }
}

function failureOf(text: string): KclusterError | undefined {
  try {
    resolveSpec([fileLayer('kcluster.yaml', text, {})]);
    return undefined;
  } catch (error) {
    if (error instanceof KclusterError) return error;
    throw error;
  }
}
