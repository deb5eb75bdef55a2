import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { environmentText } from '../../src/connect/environment-text.js';
import { environmentFormats } from '../../src/connect/names.js';
import { hasTool } from '../helpers/tools.js';

type Variables = Record<string, string>;

const directory = mkdtempSync(join(tmpdir(), 'kcluster-test-'));
afterAll(async () => await rm(directory, { recursive: true }));

/** Values that a careless writer gets wrong. */
const nasty: readonly string[] = [
  '',
  ' ',
  "'",
  "''",
  "it's",
  String.raw`\'`,
  '\\',
  String.raw`a\nb\\`,
  '"',
  '$HOME ${HOME} $(echo run) `echo run`',
  '; echo run',
  '!! !$ !echo',
  '# no comment',
  '* ~ ? [a] {a,b} %PATH% ^',
  'two\nlines',
  '\n\n',
  'ends\n',
  'carriage\r\nreturn\r',
  '\ttab ',
  "‘typographic’ ‚quotes‛ '",
  'añb 漢字 😀',
  '<<END_OF_VALUE\nEND_OF_VALUE\nEND_OF_VALUE_',
  '-n',
  'a=b=c',
  '\u0001\u001b[31m',
];

/** Pieces that mean something to a shell, and any other text; an environment holds no NUL. */
const value = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from(`'"\\\`$(){}!#;&|<>*?~=%^ \t\r\n‘’‚‛`)),
      fc.constantFrom("'\\''", '$(', '${HOME}', '\\\n', '\\n', 'END_OF_VALUE', ']]>'),
      fc.string({ unit: 'grapheme' }),
    ),
  )
  .map((pieces) => pieces.join('').replaceAll('\0', ''));

function named(values: readonly string[]): Variables {
  return Object.fromEntries(values.map((each, index) => [`V_${index}`, each]));
}

/** The variables of a process that a program has started after it read a file. */
function environmentAfter(program: string, args: readonly string[], text: string): Variables {
  const file = join(directory, 'variables');
  writeFileSync(file, text);
  const print = 'process.stdout.write(JSON.stringify(process.env))';
  const node = { NODE: process.execPath, PRINT: print, FILE: file };
  const output = execFileSync(program, args, {
    env: { PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C.UTF-8', ...node },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const all = JSON.parse(output) as Variables;
  return Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('V_')));
}

const evaluate = 'eval "$(cat "$FILE")"; exec "$NODE" -e "$PRINT"';
const shells: readonly [string, keyof typeof environmentText, readonly string[]][] = [
  ['sh', 'sh', ['-euc', evaluate]],
  ['dash', 'sh', ['-euc', evaluate]],
  ['bash', 'sh', ['-euc', evaluate]],
  ['zsh', 'sh', ['-fc', evaluate]],
  ['zsh', 'sh', ['-fc', `setopt rcquotes; ${evaluate}`]],
  ['fish', 'fish', ['--no-config', '-c', 'cat $FILE | source; exec $NODE -e $PRINT']],
];

describe('variables as lines that set them', () => {
  for (const [shell, format, args] of shells) {
    describe.skipIf(!hasTool(shell))(`for ${shell} ${args[1]!.split(';')[0]}`, () => {
      const read = (variables: Variables): Variables =>
        environmentAfter(shell, args, environmentText[format](variables));

      it('are read as they were', () => {
        expect(read(named(nasty))).toEqual(named(nasty));
      });

      it('are read as they were, whatever they hold', () => {
        const lists = fc.array(value, { minLength: 1, maxLength: 20 });
        fc.assert(
          fc.property(lists, (values) => {
            expect(read(named(values))).toEqual(named(values));
          }),
          { numRuns: 15 },
        );
      });
    });
  }

  it('for PowerShell are literals by its own rule: between quotes only a quote, doubled, is special', () => {
    const readLine = (text: string): string => {
      const [, literal = ''] = /^\$env:V_0 = '([\s\S]*)'$/.exec(text) ?? [];
      expect(literal).toMatch(/^(?:[^'‘’‚‛]|(['‘’‚‛])\1)*$/);
      return literal.replaceAll(/(['‘’‚‛])\1/g, '$1');
    };
    for (const each of nasty)
      expect(readLine(environmentText.powershell({ V_0: each }))).toBe(each);
    fc.assert(
      fc.property(value, (each) => readLine(environmentText.powershell({ V_0: each })) === each),
    );
  });

  it('for JSON are one object', () => {
    expect(JSON.parse(environmentText.json(named(nasty)))).toEqual(named(nasty));
  });

  it('for GitHub are read as the runner reads its file', () => {
    const values = fc.array(value);
    const all = (each: readonly string[]): boolean => {
      expect(readAsRunner(`${environmentText.github(named(each))}\n`)).toEqual(named(each));
      return true;
    };
    expect(all(nasty)).toBe(true);
    fc.assert(fc.property(values, all));
  });

  it('for GitHub take the form with an end where there is a line break, and no other', () => {
    expect(environmentText.github({ A: 'a<<b', B: 'two\nlines' })).toBe(
      'A=a<<b\nB<<END_OF_VALUE\ntwo\nlines\nEND_OF_VALUE',
    );
  });
});

describe('a .env file', () => {
  const readable = (each: string): boolean => {
    try {
      environmentText.dotenv({ A: each });
      return true;
    } catch {
      return false;
    }
  };

  it('has addresses as they are, so that docker run --env-file reads them too', () => {
    expect(environmentText.dotenv({ A: '127.0.0.1:9092,[::1]:9093', B: 'kafka://h:1' })).toBe(
      'A=127.0.0.1:9092,[::1]:9093\nB=kafka://h:1',
    );
  });

  it('is read by Node.js as it was, and by a shell', () => {
    const check = (each: string): boolean => {
      const text = environmentText.dotenv({ V_0: each });
      expect(parseEnv(text)).toEqual({ V_0: each });
      return true;
    };
    for (const each of nasty.filter(readable)) check(each);
    fc.assert(fc.property(value.filter(readable), check));
    const some = named(nasty.filter(readable));
    const source = 'set -a; . "$FILE"; exec "$NODE" -e "$PRINT"';
    expect(environmentAfter('sh', ['-euc', source], environmentText.dotenv(some))).toEqual(some);
  });

  it('is refused for what its readers take differently', () => {
    expect(nasty.filter((each) => !readable(each))).toContain(String.raw`a\nb\\`);
    expect(() => environmentText.dotenv({ A: `'$HOME'` })).toThrow(
      'A has a value that readers of .env files take differently',
    );
  });
});

it('every format has a writer, sh first', () => {
  expect(environmentFormats[0]).toBe('sh');
  expect(Object.keys(environmentText)).toEqual(environmentFormats);
});

/** What GitHub's documents say of the file: `NAME=VALUE`, or `NAME<<END`, lines, and `END` alone. */
function readAsRunner(text: string): Variables {
  const lines = text.split('\n');
  const variables: Variables = {};
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      variables[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    expect(heredoc).toBeGreaterThan(0);
    const end = lines.indexOf(line.slice(heredoc + 2), at + 1);
    expect(end).toBeGreaterThan(at);
    variables[line.slice(0, heredoc)] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return variables;
}
