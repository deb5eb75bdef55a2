import { cellText, cellVariables } from '../spec/matrix.js';
import { cellError, type CellResult } from '../report/cell-result.js';
import type { PlannedCell } from '../operations/matrix.js';
import type { CellOutput } from './cell-output.js';
import type { CommandContext } from './context.js';
import type { OwnRunEnd, RunOptions, RunOwn } from './own-run.js';

/** Runs the command of a cell. What goes wrong is the result, so that the other cells go on. */
export async function runCell(
  context: CommandContext,
  { cell, options }: PlannedCell<RunOptions>,
  command: readonly string[],
  output: CellOutput,
  runOwn: RunOwn,
): Promise<CellResult> {
  const { emit } = output;
  const base = baseOf({ cell, options });
  emit({ type: 'cell-started', cell: base.cell, cluster: base.cluster });
  const result = await resultOf(base, async (known) => {
    return await runOwn({ ...context, emit }, options, {
      command,
      variables: cellVariables(cell),
      divert: (receiver) => context.interrupts.share(receiver),
      ...(output.command && { output: output.command }),
      started: (ms) => (known.startMs = ms),
      tellBundle: (path) => {
        known.bundle = path;
        emit({ type: 'bundle', path });
      },
    });
  });
  emit({ type: 'cell-ended', cell: base.cell, result });
  return result;
}

/** The result of a cell that is not begun. */
export function notBegun(planned: PlannedCell<RunOptions>): CellResult {
  return { ...baseOf(planned), result: 'cancelled' };
}

type CellBase = Pick<CellResult, 'cell' | 'values' | 'cluster' | 'startMs' | 'bundle'>;

function baseOf({ cell, options }: PlannedCell<RunOptions>): CellBase {
  return { cell: cellText(cell), values: Object.fromEntries(cell), cluster: options.name };
}

/** What the run in the body came to. What the body finds out meanwhile it adds to what is known. */
export async function resultOf(
  base: Readonly<CellBase>,
  body: (known: CellBase) => Promise<OwnRunEnd>,
): Promise<CellResult> {
  const known = { ...base };
  try {
    const { exitCode, wasStopped, ms } = await body(known);
    const ended = { ...known, commandMs: ms, exitCode };
    if (exitCode === 0) return { ...ended, result: 'passed' };
    return { ...ended, result: wasStopped ? 'cancelled' : 'failed' };
  } catch (thrown) {
    const error = cellError(thrown);
    return error.kind === 'interrupted'
      ? { ...known, result: 'cancelled' }
      : { ...known, result: 'error', error };
  }
}
