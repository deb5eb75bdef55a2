/** What GitHub's runner makes of the output of a step. */
export interface ReadLine {
  /** Undefined for a line that is shown as it is. */
  command?: string;
  properties: Record<string, string>;
  text: string;
}

const registered = new Set([
  ...['add-mask', 'add-matcher', 'add-path', 'debug', 'echo', 'endgroup', 'error', 'group'],
  ...[
    'notice',
    'remove-matcher',
    'save-state',
    'set-env',
    'set-output',
    'stop-commands',
    'warning',
  ],
]);

const byLanguage = new Intl.Collator('en', { sensitivity: 'variant' });

/**
 * Reads output as the runner does (actions/runner, ActionCommand and ActionCommandManager): by the line, whatever ends
 * it; a command begins the line but for white space, or is in the old form anywhere in it. The runner compares by the
 * rules of a language, which pass over some characters.
 */
export function readAsRunner(output: string): ReadLine[] {
  const lines = output.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => {
    const seen = Array.from(line.replace(/^[\s\u0085]+/, ''))
      .filter((each) => !isIgnored(each))
      .join('');
    return newForm(seen) ?? oldForm(seen) ?? { properties: {}, text: line };
  });
}

function isIgnored(character: string): boolean {
  return byLanguage.compare(character, '') === 0;
}

function newForm(line: string): ReadLine | undefined {
  const [, head = '', data = ''] = /^::(.*?)::(.*)$/su.exec(line) ?? [];
  return commandOf(head, ',', data, [
    [':', '%3A'],
    [',', '%2C'],
  ]);
}

function oldForm(line: string): ReadLine | undefined {
  const [, head = '', data = ''] = /##\[(.*?)\](.*)$/su.exec(line) ?? [];
  return commandOf(head, ';', data, [
    [';', '%3B'],
    [']', '%5D'],
  ]);
}

type Escapes = [character: string, escaped: string][];

function commandOf(
  head: string,
  separator: string,
  data: string,
  inProperties: Escapes,
): ReadLine | undefined {
  const [, command = '', list = ''] = /^(\S*) ?(.*)$/su.exec(head) ?? [];
  if (!registered.has(command.toLowerCase())) return undefined;
  const pairs = list
    .trim()
    .split(separator)
    .flatMap((pair) => {
      const [, key, value] = /^(.+?)=(.+)$/su.exec(pair) ?? [];
      return key && value ? [[key, unescaped(value, inProperties)] as const] : [];
    });
  return { command, properties: Object.fromEntries(pairs), text: unescaped(data, []) };
}

function unescaped(text: string, more: Escapes): string {
  const escapes: Escapes = [['\r', '%0D'], ['\n', '%0A'], ...more, ['%', '%25']];
  return escapes.reduce((all, [character, escape]) => all.replaceAll(escape, character), text);
}
