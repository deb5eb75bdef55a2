import type { Command } from 'commander';

/** One proposal for the word under the cursor. */
export interface Proposal {
  name: string;
  description?: string;
}

/**
 * Proposes what may follow the words typed so far: verbs, flags of the verb, and values of a flag or an operand that
 * has choices. Pure.
 * @param words the words of the line before the one under the cursor, without `kcluster`
 * @param current the word under the cursor, as far as it is typed
 */
export function propose(program: Command, words: readonly string[], current: string): Proposal[] {
  const command = commandAt(program, words);
  const previous = words.at(-1) ?? '';
  const option = command.options.find((each) => each.short === previous || each.long === previous);
  if (option && (option.required || option.optional))
    return (option.argChoices ?? []).map((name) => ({ name }));
  if (current.startsWith('-')) {
    return command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long, description }) => (long ? [{ name: long, description }] : []));
  }
  const choices = command.registeredArguments[0]?.argChoices;
  const isTyped = words.some((word) => choices?.includes(word));
  if (choices) return isTyped ? [] : choices.map((name) => ({ name }));
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ name: each.name(), description: each.description() }));
}

function commandAt(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words)
    command = command.commands.find((each) => each.name() === word) ?? command;
  return command;
}
