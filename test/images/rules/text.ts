/** What java.util.Properties reads from a file; the bytes of UTF-8 are taken for ISO 8859-1, as Java does. */
export function loadProperties(file: string): Map<string, string> {
  const text = Buffer.from(file, 'utf8').toString('latin1');
  const properties = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [, name = '', value = ''] =
      /^((?:\\[\s\S]|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*([\s\S]*)$/.exec(line) ?? [];
    properties.set(unescape(name), unescape(value));
  }
  return properties;
}

/** Lines without comments and blanks, each with those that it continues on. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (open === '' && (line === '' || /^[#!]/.test(line))) continue;
    const continues = /\\*$/.exec(line)![0].length % 2 === 1;
    open += continues ? line.slice(0, -1) : line;
    if (!continues) {
      lines.push(open);
      open = '';
    }
  }
  return open === '' ? lines : [...lines, open];
}

function unescape(text: string): string {
  const letters: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f' };
  return text.replaceAll(/\\(u[\da-fA-F]{4}|[\s\S])/g, (_, sign: string) =>
    sign.length === 5
      ? String.fromCharCode(Number.parseInt(sign.slice(1), 16))
      : (letters[sign] ?? sign),
  );
}

/**
 * `sed s` on every line of a file, with `replacement` pasted between the delimiters as a script does.
 * @throws Error where sed would say that the command is not well formed
 */
export function sed(file: string, pattern: RegExp, replacement: string, delimiter: string): string {
  if (
    replacement.includes(delimiter) ||
    /\n/.test(replacement) ||
    /(^|[^\\])(\\\\)*\\$/.test(replacement)
  )
    throw new Error('sed: not a command');
  return file
    .split('\n')
    .map((line) =>
      line.replace(pattern, (...match: string[]) =>
        replacement.replaceAll(/\\([\s\S])|&/g, (sign, letter: string | undefined) => {
          if (sign === '&') return match[0]!;
          if (/\d/.test(letter!)) return match[Number(letter)] ?? '';
          return letter === 'n' ? '\n' : letter!;
        }),
      ),
    )
    .join('\n');
}

/** As an unquoted variable is split by a shell. */
export function shellWords(text: string): string[] {
  return text.split(/[ \t\n]+/).filter(Boolean);
}

/** A line of a file by its key, `#` in front or not. */
export function hasLine(file: string, pattern: RegExp): boolean {
  return file.split('\n').some((line) => pattern.test(line));
}

/** Names that a shell takes for variables. */
export function isVariable(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name);
}
