import { interpolate, InterpolationError, type Variables } from '../spec/interpolate.js';

/** A text with its variables filled in. */
export interface Filled {
  text: string;
  /** Variables that have no value; Compose takes them as empty. */
  unset: readonly string[];
  /** What is not written rightly; the text is as it was. */
  fault?: string;
}

/** Stands for an empty value where that is refused: a character that nobody writes. */
const nothing = '\u{f8fff}';

/** Fills in variables as Compose does, and keeps on where one has no value. */
export function fillIn(text: string, env: Variables): Filled {
  const unset: string[] = [];
  if (!text.includes('$')) return { text, unset };
  const known: Record<string, string | undefined> = { ...env };
  for (;;) {
    try {
      return { text: interpolate(text, known).replaceAll(nothing, ''), unset };
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      const name = error.unset;
      if (name === undefined || known[name] === nothing)
        return { text, unset, fault: error.message };
      // With `:?` an empty value is no value either.
      known[name] = unset.includes(name) ? nothing : '';
      if (!unset.includes(name)) unset.push(name);
    }
  }
}

/** The value of a variable; not of what every object has, such as `constructor`. */
export function valueIn(env: Variables, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** One line of a file of variables. */
export interface VariableLine {
  name: string;
  /** Undefined for a name alone, whose value comes from around. */
  value?: string;
  /** From 1 on. */
  line: number;
}

/**
 * The variables of a `.env` file or an `env_file`: `NAME=value` with `export` before it and quotes around the value as
 * one likes; `#` begins a comment.
 * @see Compose specification, "Env_file format"
 */
export function parseVariables(text: string, env: Variables): VariableLine[] {
  const known: Record<string, string | undefined> = { ...env };
  return text.split(/\r?\n/).flatMap((row, index): VariableLine[] => {
    const [, name = '', sign, raw = ''] =
      /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*(?:(=)(.*))?$/.exec(row) ?? [];
    if (name === '') return [];
    if (sign === undefined) return [{ name, line: index + 1 }];
    const value = valueOf(raw.trim(), known);
    known[name] = valueIn(env, name) ?? value;
    return [{ name, value, line: index + 1 }];
  });
}

function valueOf(raw: string, env: Variables): string {
  const literal = /^'([^']*)'/.exec(raw)?.[1];
  if (literal !== undefined) return literal;
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(raw)?.[1];
  if (quoted !== undefined) return fillIn(unescaped(quoted), env).text;
  return fillIn(raw.replace(/(^|\s)#.*$/, '').trim(), env).text;
}

function unescaped(text: string): string {
  const signs: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return text.replaceAll(/\\(.)/g, (_all, sign: string) => signs[sign] ?? sign);
}
