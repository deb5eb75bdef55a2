import { assertWritable } from '../operations/whole-file.js';
import { cellOutput } from './cell-output.js';
import type { CommandContext } from './context.js';
import type { OwnRun, OwnRunEnd, RunOptions, RunOwn } from './own-run.js';
import { resultOf } from './run-cell.js';
import { writeRuns } from './run-junit.js';

/**
 * A run without a matrix, with a JUnit report where one is wished. Resolves to the command's exit code.
 * @throws KclusterError as `raiseOwn`; `usage` for a report that can't be written
 */
export async function runTold(
  context: CommandContext,
  command: readonly string[],
  options: RunOptions,
  runOwn: RunOwn,
): Promise<number> {
  const run: OwnRun = {
    command,
    divert: (receiver) => context.interrupts.divert(receiver),
    tellBundle: (path) => context.tellLast({ type: 'bundle', path }),
  };
  const body = async (more: Partial<OwnRun> = {}): Promise<OwnRunEnd> =>
    await runOwn(context, options, { ...run, ...more });
  const { junit } = options;
  const { exitCode } =
    junit === undefined ? await body() : await reported(context, junit, command, body);
  return exitCode;
}

/** Writes what came out as JUnit XML, also where the command could not be run. */
async function reported(
  context: CommandContext,
  path: string,
  command: readonly string[],
  body: (more: Partial<OwnRun>) => Promise<OwnRunEnd>,
): Promise<OwnRunEnd> {
  await assertWritable(path);
  const begin = { timestamp: new Date(), now: performance.now() };
  const output = cellOutput(context, '', { output: 'plain', jobs: 1, keepsLines: true });
  let end: OwnRunEnd | undefined;
  let failure: unknown;
  const result = await resultOf({ cell: '', values: {}, cluster: '' }, async (known) => {
    const started = (ms: number): void => void (known.startMs = ms);
    try {
      return (end = await body({ started, ...(output.command && { output: output.command }) }));
    } catch (error) {
      failure = error;
      throw error;
    }
  });
  const written = writeRuns(path, command, [{ result, lastLines: output.lastLines() }], begin);
  // The run's own failure is the one to tell.
  await (end ? written : written.catch(() => undefined));
  if (!end) throw failure;
  return end;
}
