/**
 * Reads what a step has written to $GITHUB_ENV or $GITHUB_OUTPUT ("Workflow commands": Setting an environment variable;
 * Multiline strings).
 * @throws Error for what the runner does not take
 */
export function readVariables(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  while (lines.length > 0) {
    const line = lines.shift()!;
    if (line === '') continue;
    const [, name = '', sign, rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (!name) throw new Error(`not the form of a variable: ${line}`);
    if (/^(GITHUB|RUNNER)_|^NODE_OPTIONS$/.test(name)) throw new Error(`${name} is the runner's`);
    if (sign === '=') {
      variables[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest);
    if (end < 0) throw new Error(`no line ends the value of ${name}: ${rest}`);
    variables[name] = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n');
  }
  return variables;
}
