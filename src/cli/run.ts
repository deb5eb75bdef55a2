import { CommanderError } from 'commander';
import type { CommandContext } from '../commands/context.js';
import { ExitCode, KclusterError } from '../errors.js';
import type { Event } from '../report/events.js';
import { defaultOutput, outputModes, type OutputMode, type Terminal } from '../report/output.js';
import type { Interrupts } from '../system/interrupts.js';
import { buildProgram, type RunVerb } from './program.js';
import type { Verb } from './verb.js';

/**
 * Runs one command line and resolves to its exit code. Prints the result once, or the failure once.
 * @param interrupts where the signals go that ask the run to end
 */
export async function run(
  argv: readonly string[],
  version: string,
  terminal: Terminal,
  interrupts: Interrupts,
): Promise<number> {
  let exitCode: number = ExitCode.ok;
  let mode = wishedMode(argv, terminal);
  const runVerb: RunVerb = async (verb, operands, options) => {
    mode = (options['output'] as OutputMode | undefined) ?? mode;
    exitCode = await perform(verb, operands, options, mode, terminal, interrupts);
  };
  try {
    const program = buildProgram(version, terminal.env, runVerb, mode !== 'github');
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return await usageExit(error, mode, terminal);
    const { printFailure } = await import('../report/outcome.js');
    return printFailure(error, mode, terminal);
  }
}

async function perform(
  verb: Verb,
  operands: readonly string[],
  options: Record<string, unknown>,
  mode: OutputMode,
  terminal: Terminal,
  interrupts: Interrupts,
): Promise<number> {
  const [{ Engines }, { rendererFor }, { printFailure, printOutcome, streamLine }, handler] =
    await Promise.all([
      import('../engines/engines.js'),
      import('../report/renderer.js'),
      import('../report/outcome.js'),
      verb.load(),
    ]);
  const engines = new Engines(terminal.env);
  const renderer = await rendererFor(mode, terminal);
  const last: Event[] = [];
  const context: CommandContext = {
    terminal,
    env: terminal.env,
    signal: interrupts.signal,
    interrupts,
    emit: renderer.emit,
    engines,
    writeLine: (line) => terminal.stdout.write(streamLine(line, mode)),
    tellLast: (event) => void last.push(event),
  };
  try {
    const outcome = await handler(context, operands, {
      ...(await named(verb, options, terminal)),
      output: mode,
    });
    renderer.close();
    printOutcome(outcome, mode, terminal);
    return outcome.exitCode;
  } catch (error) {
    renderer.close();
    return printFailure(error, mode, terminal);
  } finally {
    for (const event of last) renderer.emit(event);
    renderer.close();
    await engines.close();
  }
}

/** The flags with the name of the cluster that they are about, and its file. The schema is of no cluster. */
async function named(
  verb: Verb,
  options: Record<string, unknown>,
  { env }: Terminal,
): Promise<Record<string, unknown>> {
  if (!verb.flags.includes('cluster') || options['schema'] === true) return options;
  const { withName } = await import('../operations/named.js');
  return await withName(options, verb.readsSpec ?? false, env);
}

/** commander has printed its message already, but json owes a document on stdout, and github an annotation. */
async function usageExit(
  error: CommanderError,
  mode: OutputMode,
  terminal: Terminal,
): Promise<ExitCode> {
  if (error.exitCode === 0) return ExitCode.ok;
  if (mode === 'json' || mode === 'github') {
    const { printFailure } = await import('../report/outcome.js');
    const isHelp = error.code === 'commander.help';
    const message = isHelp ? 'a command is missing' : error.message.replace(/^error: /, '');
    return printFailure(new KclusterError('usage', message), mode, terminal);
  }
  return ExitCode.usage;
}

/** The wished mode as far as it can be seen in words that commander has not read, or could not read. */
function wishedMode(argv: readonly string[], terminal: Terminal): OutputMode {
  const words = argv.flatMap((word, index) => {
    if (word === '-o' || word === '--output') return argv[index + 1] ?? [];
    return /^(?:-o|--output=)(.+)$/.exec(word)?.[1] ?? [];
  });
  const wish = words.at(-1) ?? terminal.env['KCLUSTER_OUTPUT'];
  return outputModes.find((each) => each === wish) ?? defaultOutput(terminal);
}
