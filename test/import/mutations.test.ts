import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clusterSetups, setupProblems } from '../../src/compose/setups.js';
import { KclusterError } from '../../src/errors.js';
import { clusterImages } from '../../src/images/choice.js';
import { checkFile, importFile, type ImportedFile } from '../../src/import/import.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots } from '../../src/topology/ports.js';
import { composeFile } from './compose.js';

const texts = ['shapes', 'rules'].flatMap((kind) => {
  const directory = new URL(`files/${kind}/`, import.meta.url);
  return readdirSync(directory).map((name) => readFileSync(new URL(name, directory), 'utf8'));
});

/** What people, editors and merges do to a file; `at` is a part of its length. */
type Mutation = (text: string, at: number, other: number) => string;

const values = [
  '',
  ' null',
  ' []',
  ' {}',
  ' [1, [2], {a: b}]',
  ' {a: {b: c}}',
  ' -1',
  ' 99999999999',
  ' "a\\nb"',
  ' &a *a',
  ' ${X:-${Y',
  ' $$',
  ' a=b:c:1,,d://:x',
  ' server.1=a:1:2;3;4 ::',
  ' __proto__',
];

const mutations: Record<string, Mutation> = {
  cut: (text, at, other) => {
    const [from, to] = [at, other]
      .map((part) => Math.floor(part * text.length))
      .sort((a, b) => a - b);
    return text.slice(0, from) + text.slice(Math.min(to!, from! + 20));
  },
  'other sign': (text, at, other) => {
    const signs = ':{}[]-#&*!|>\'"%@`,\t\n $=/;\0';
    const place = Math.floor(at * text.length);
    return text.slice(0, place) + signs[Math.floor(other * signs.length)]! + text.slice(place + 1);
  },
  'lost line': (text, at) => {
    const rows = text.split('\n');
    return rows.toSpliced(Math.floor(at * rows.length), 1).join('\n');
  },
  'line twice': (text, at, other) => {
    const rows = text.split('\n');
    const row = rows[Math.floor(at * rows.length)]!;
    return rows.toSpliced(Math.floor(other * rows.length), 0, row).join('\n');
  },
  'other indent': (text, at, other) => {
    const rows = text.split('\n');
    const index = Math.floor(at * rows.length);
    const indent = ' '.repeat(Math.floor(other * 10));
    return rows.with(index, indent + rows[index]!.trimStart()).join('\n');
  },
  'other value': (text, at, other) => {
    const rows = text.split('\n');
    const index = Math.floor(at * rows.length);
    const value = values[Math.floor(other * values.length)]!;
    return rows.with(index, rows[index]!.replace(/(:|-)( .*|)$/, `$1${value}`)).join('\n');
  },
  'another file behind it': (text, at) => text + texts[Math.floor(at * texts.length)]!,
};

const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const mutant = fc
  .tuple(
    fc.constantFrom(...texts),
    fc.array(fc.tuple(fc.constantFrom(...Object.values(mutations)), part, part), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, steps]) =>
    steps.reduce((each, [mutate, at, other]) => mutate(each, at, other), text),
  );

/** What comes of a file; undefined for one that is refused in words. */
function imported(text: string): ImportedFile | undefined {
  try {
    const file = composeFile(text);
    checkFile(file);
    return importFile(file);
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    expect(error.kind).toBe('invalidSpec');
    expect(error.details).not.toEqual([]);
    return undefined;
  }
}

describe('a compose file that has suffered', () => {
  it('is refused in words, or comes out as a cluster that can be made', () => {
    let made = 0;
    fc.assert(
      fc.property(mutant, (text) => {
        const result = imported(text);
        if (!result) return;
        made += 1;
        for (const { line, column, message } of result.findings) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(message).not.toMatch(/undefined|NaN|\[object/);
        }
        const resolved = resolveSpec([fileLayer('kcluster.yaml', result.text, {})]);
        const { spec } = resolved;
        const topology = layOut(spec, 'bridge', fixedPorts(portSlots(spec, 'bridge')));
        const setups = clusterSetups(resolved, topology, clusterImages(resolved));
        expect(setupProblems(setups)).toEqual([]);
      }),
      { numRuns: 250 },
    );
    expect(made).toBeGreaterThan(50);
  });
});
