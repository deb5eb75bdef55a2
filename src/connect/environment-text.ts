import { KclusterError } from '../errors.js';
import type { EnvironmentFormat } from './names.js';

/** Variables as lines that set them, without a newline at the end. Names are letters, digits and `_`. Pure. */
type Write = (variables: Readonly<Record<string, string>>) => string;

/**
 * Whatever a value holds, but for a NUL, which no environment can: what reads the lines gets the same value, and nothing
 * in it is run or expanded.
 * @throws KclusterError `usage`, from `dotenv` only
 */
export const environmentText: Record<EnvironmentFormat, Write> = {
  /** POSIX 2.2.2: nothing is special between single quotes. For bash, zsh, dash and ksh too. */
  sh: each((name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`),

  /** Between single quotes only `\'` and `\\` mean another character ("The fish language", Quotes). */
  fish: each((name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`),

  /** A quote is written twice, and PowerShell takes typographic ones for quotes too (about_Quoting_Rules). */
  powershell: each((name, value) => `$env:${name} = '${value.replaceAll(/['‘’‚‛]/g, '$&$&')}'`),

  dotenv: each((name, value) => `${name}=${dotenvValue(name, value)}`),

  json: (variables) => JSON.stringify(variables, null, 2),

  /** For the file that $GITHUB_ENV names ("Workflow commands", Setting an environment variable; Multiline strings). */
  github: each((name, value) => {
    if (!/[\r\n]/.test(value)) return `${name}=${value}`;
    const end = endOf(value);
    return `${name}<<${end}\n${value}\n${end}`;
  }),
};

function each(line: (name: string, value: string) => string): Write {
  return (variables) =>
    Object.entries(variables)
      .map(([name, value]) => line(name, value))
      .join('\n');
}

/**
 * Readers of .env files agree on little: `docker run --env-file` knows no quotes, Node.js no escapes, and Compose and
 * shells expand `$` where it is not between single quotes. What is written here they all read alike.
 */
function dotenvValue(name: string, value: string): string {
  if (/^[\w.,:/@%+[\]-]*$/.test(value)) return value;
  if (!/['\\\r]/.test(value)) return `'${value}'`;
  if (!/["\\$`\r\n]/.test(value)) return `"${value}"`;
  throw new KclusterError(
    'usage',
    `${name} has a value that readers of .env files take differently`,
    {
      hints: ['Take another format, such as `kcluster env json`.'],
    },
  );
}

/** A line that the value does not have. */
function endOf(value: string): string {
  const lines = new Set(value.split(/\r?\n|\r/));
  let end = 'END_OF_VALUE';
  while (lines.has(end)) end += '_';
  return end;
}
