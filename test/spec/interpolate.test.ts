import { execa } from 'execa';
import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { interpolate, InterpolationError } from '../../src/spec/interpolate.js';
import { dockerCompose, hasCompose } from '../helpers/compose.js';

const env = { SET: 'value', EMPTY: '', OTHER: 'other', _x1: 'low', DOLLAR: '$SET' };

/** What comes of a text; with Compose it is the same. */
const cases: [text: string, filled: string][] = [
  ['plain', 'plain'],
  ['', ''],
  ['$SET', 'value'],
  ['${SET}', 'value'],
  ['$_x1', 'low'],
  ['a$SET.b', 'avalue.b'],
  ['$SET-$OTHER', 'value-other'],
  ['${SET}tail', 'valuetail'],
  ['$EMPTY', ''],
  ['${EMPTY}', ''],
  // A dollar sign of its own.
  ['$$', '$'],
  ['$$SET', '$SET'],
  ['$$$SET', '$value'],
  ['$${SET}', '${SET}'],
  ['cost: 5$$', 'cost: 5$'],
  // Defaults.
  ['${SET:-d}', 'value'],
  ['${SET-d}', 'value'],
  ['${EMPTY:-d}', 'd'],
  ['${EMPTY-d}', ''],
  ['${UNSET:-d}', 'd'],
  ['${UNSET-d}', 'd'],
  ['${UNSET:-}', ''],
  ['${UNSET-}', ''],
  ['${UNSET:-a b:c-d?e+f}', 'a b:c-d?e+f'],
  ['${UNSET:--1}', '-1'],
  ['${UNSET-:-x}', ':-x'],
  ['${UNSET:-$$5}', '$5'],
  ['${UNSET:-{a}', '{a'],
  // What must be set.
  ['${SET:?m}', 'value'],
  ['${SET?m}', 'value'],
  ['${EMPTY?m}', ''],
  // Something else where it is set.
  ['${SET:+o}', 'o'],
  ['${SET+o}', 'o'],
  ['${EMPTY:+o}', ''],
  ['${EMPTY+o}', 'o'],
  ['${UNSET:+o}', ''],
  ['${UNSET+o}', ''],
  // Nested ones.
  ['${UNSET:-$OTHER}', 'other'],
  ['${UNSET:-${OTHER}}', 'other'],
  ['${UNSET:-${UNSET2:-${OTHER}}}!', 'other!'],
  ['${UNSET:-a${OTHER}b${SET}c}', 'aotherbvaluec'],
  ['${SET:+${OTHER}}', 'other'],
  // What is not needed is not asked for.
  ['${SET:-$UNSET}', 'value'],
  ['${UNSET:+$UNSET}', ''],
  // A value is not read again.
  ['$DOLLAR', '$SET'],
  ['${UNSET:-$DOLLAR}', '$SET'],
  // Names end where they end.
  ['$SET/$OTHER', 'value/other'],
  ['${SET}${OTHER}', 'valueother'],
  ['}$SET{', '}value{'],
];

describe('interpolate', () => {
  it.each(cases)('%j is %j', (text, expected) => {
    expect(interpolate(text, env)).toBe(expected);
  });

  it.skipIf(!hasCompose(dockerCompose))('does with each text what Compose does', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kcluster-interpolation-'));
    try {
      // Blanks around it would be lost otherwise.
      const environment = Object.fromEntries(
        cases.map(([text], index) => [`V${index}`, `<${text}>`]),
      );
      const file = { name: 'it', services: { a: { image: 'x', environment } } };
      await writeFile(join(directory, 'compose.yaml'), JSON.stringify(file));
      const [command, ...words] = dockerCompose.words;
      const { stdout } = await execa(command, [...words, 'config', '--format', 'json'], {
        cwd: directory,
        env,
      });
      const read = JSON.parse(stdout) as {
        services: { a: { environment: Record<string, string> } };
      };
      const filled = cases.map(([text], index) => [
        text,
        // It doubles them again, so that its output can be read once more.
        read.services.a.environment[`V${index}`]!.slice(1, -1).replaceAll('$$', '$'),
      ]);
      expect(filled).toEqual(cases);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it.each([
    ['$UNSET', '$UNSET is not set; set it, or give a default: ${UNSET:-default}'],
    ['${UNSET}', '$UNSET is not set; set it, or give a default: ${UNSET:-default}'],
    ['$SETTER', '$SETTER is not set; set it, or give a default: ${SETTER:-default}'],
    ['${UNSET:-${UNSET2}}', '$UNSET2 is not set; set it, or give a default: ${UNSET2:-default}'],
    ['${UNSET:?}', '$UNSET is required'],
    ['${UNSET?}', '$UNSET is required'],
    ['${UNSET:?say which}', '$UNSET is required: say which'],
    ['${EMPTY:?say which}', '$EMPTY is required: say which'],
    ['${UNSET:?not $OTHER}', '$UNSET is required: not other'],
    ['5$', 'a "$" that begins no variable is written as "$$"'],
    ['$ SET', 'a "$" that begins no variable is written as "$$"'],
    ['$1', 'a "$" that begins no variable is written as "$$"'],
    ['$-', 'a "$" that begins no variable is written as "$$"'],
    ['${SET', 'a "${" has no "}"'],
    ['${UNSET:-${SET}', 'a "${" has no "}"'],
    ['${}', '"${}" is not a variable'],
    ['${ SET }', '"${ SET }" is not a variable'],
    ['${1}', '"${1}" is not a variable'],
    ['${SET!x}', '"${SET!x}" is not a variable'],
    ['${SET:x}', '"${SET:x}" is not a variable'],
    ['${$SET}', '"${$SET}" is not a variable'],
    [
      '${constructor}',
      '$constructor is not set; set it, or give a default: ${constructor:-default}',
    ],
    ['$__proto__', '$__proto__ is not set; set it, or give a default: ${__proto__:-default}'],
    ['${A:-'.repeat(200), 'variables are nested too deep'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => interpolate(text, env)).toThrow(expect.objectContaining({ message }));
  });

  it('leaves any text as it is that has its dollar signs doubled', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(interpolate(text.replaceAll('$', '$$$$'), {})).toBe(text);
      }),
    );
  });

  it('fails with nothing else, whatever the text is', () => {
    const piece = fc.constantFrom('$', '$$', '{', '}', '${', 'SET', 'UNSET', ':-', '?', '+', ' x');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          expect(typeof interpolate(pieces.join(''), env)).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(InterpolationError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes long texts', () => {
    expect(interpolate('$$'.repeat(100_000), {})).toBe('$'.repeat(100_000));
  });
});
