import type { CommandContext } from '../commands/context.js';
import type { Outcome } from '../report/outcome.js';
import type { FlagGroup } from './flags.js';

type Handler = (
  context: CommandContext,
  operands: readonly string[],
  options: Record<string, unknown>,
) => Promise<Outcome>;

/** A handler without operands; its flag groups promise that the options are of its type. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it is inferred from the handler
export function flagsOnly<Options>(
  run: (context: CommandContext, options: Options) => Promise<Outcome>,
): Handler {
  return (context, _operands, options) => run(context, options as Options);
}

/** One verb of the command line. */
export interface Verb {
  /** Name and operands as commander writes them. */
  signature: string;
  /** The group of a two-word verb. */
  under?: string;
  summary: string;
  /** What the operand is, where it is one of a few. */
  operand?: { description: string; choices: readonly string[] };
  flags: readonly FlagGroup[];
  /** Flags end at the first operand: what follows is a command line of its own. */
  passesThrough?: true;
  /** It makes the cluster what the file says; other verbs learn no more from the file than the cluster's name. */
  readsSpec?: true;
  examples: readonly string[];
  /** Loads the handler; only the verb that runs is loaded. */
  load(): Promise<Handler>;
}

/** The flags of a verb about one cluster. */
export const one: readonly FlagGroup[] = ['cluster', 'file', 'output'];
