import { stripVTControlCharacters } from 'node:util';

type WorkflowCommand = 'group' | 'endgroup' | 'error' | 'warning' | 'notice';

/**
 * A line that GitHub's runner takes for a command, in the escaping of
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 * @param data what the command is about; it may have several lines
 */
export function workflowCommand(
  name: WorkflowCommand,
  data = '',
  properties: Readonly<Record<string, string>> = {},
): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${inProperty(value)}`);
  const head = pairs.length === 0 ? name : `${name} ${pairs.join(',')}`;
  return `::${head}::${inData(data)}`;
}

function inData(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function inProperty(text: string): string {
  return inData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * What the runner's comparisons, which go by the rules of a language, pass over: much of what has no look of its own,
 * and the five letters and marks that ICU ignores as well.
 */
const unseen = String.raw`(?:[^\p{L}\p{N}\p{P}\p{S}\r\n]|[\u0640\u07FA\u180A\u1CD3\uFE73])*`;
const commandAtBegin = new RegExp(`^(${unseen})(?=:${unseen}:)`, 'gmu');
const oldCommand = new RegExp(String.raw`(#${unseen}#${unseen})\[`, 'gu');

/**
 * Text of any origin, which the runner is to show and not to obey: lines that begin like a command are quoted by `>`,
 * and the old form of commands, `##[name]`, which may be anywhere in a line, is broken up.
 */
export function harmless(text: string): string {
  return text.replace(commandAtBegin, '$1> ').replace(oldCommand, '$1 [');
}

/** The same for a JSON document, which stays the same value: no line of it begins like a command. */
export function harmlessJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(oldCommand, String.raw`$1\u005b`);
}
