import { ExitCode, KclusterError } from '../errors.js';
import { planCells, type PlannedCell } from '../operations/matrix.js';
import { assertWritable } from '../operations/whole-file.js';
import { matrixSummary, matrixText, type MatrixReport } from '../report/matrix-text.js';
import type { Outcome } from '../report/outcome.js';
import type { ToldResult } from '../report/run-suite.js';
import { cellText, readAxes, type AxisName } from '../spec/matrix.js';
import { cellOutput } from './cell-output.js';
import type { CommandContext } from './context.js';
import type { RunOptions, RunOwn } from './own-run.js';
import { notBegun, runCell } from './run-cell.js';
import { writeRuns } from './run-junit.js';

/** The flags of a run with a matrix. */
export interface MatrixRunOptions extends RunOptions {
  matrix: readonly string[];
}

export function isMatrix(options: RunOptions): options is MatrixRunOptions {
  return options.matrix !== undefined;
}

/** @throws KclusterError `usage` for flags about cells where there are none */
export function assertNoMatrixFlags({ jobs, failFast }: RunOptions): void {
  const flags = [...(jobs === undefined ? [] : ['--jobs']), ...(failFast ? ['--fail-fast'] : [])];
  if (flags.length === 0) return;
  throw new KclusterError('usage', `${flags.join(' and ')}: there are no cells to run`, {
    hints: ['Name them: `kcluster run --matrix kafka=2.8,3.9 -- npm test`.'],
  });
}

/**
 * `kcluster run --matrix`: the command once for each cell, each on a cluster of its own; exit 1 when one of them has
 * not passed.
 * @throws KclusterError as `planCells`; `usage` for a JUnit report that can't be written
 */
export async function runMatrix(
  context: CommandContext,
  command: readonly string[],
  options: MatrixRunOptions,
  runOwn: RunOwn,
): Promise<Outcome> {
  const { jobs = 1, junit } = options;
  if (junit !== undefined) await assertWritable(junit);
  const axes = readAxes(options.matrix, (axis) => isGiven(axis, options, context.env));
  const cells = await planCells(context, options, { ...axes, jobs });
  context.emit({ type: 'matrix-started', cells: cells.length, jobs });
  const begin = { timestamp: new Date(), now: performance.now() };
  const told = await runCells(context, cells, command, options, runOwn);
  if (junit !== undefined) await writeRuns(junit, command, told, begin);
  const results = told.map(({ result }) => result);
  const ok = results.every(({ result }) => result === 'passed');
  const report: MatrixReport = {
    ok,
    command,
    ms: performance.now() - begin.now,
    cells: results,
  };
  return {
    exitCode: exitCodeOf(ok, context.signal),
    data: report,
    text: (style) => matrixText(report, style),
    summary: () => matrixSummary(report),
  };
}

function exitCodeOf(ok: boolean, { aborted }: AbortSignal): ExitCode {
  if (aborted) return ExitCode.interrupted;
  return ok ? ExitCode.ok : ExitCode.finding;
}

/** `--engine` always has a value; that of the environment gives way to an axis. */
function isGiven(axis: AxisName, options: RunOptions, env: NodeJS.ProcessEnv): boolean {
  if (axis !== 'engine') return options[axis] !== undefined;
  return options.engine !== 'auto' && options.engine !== env['KCLUSTER_ENGINE'];
}

/** Runs `jobs` cells at a time, in their order; no further ones once the run is interrupted, or by `--fail-fast`. */
async function runCells(
  context: CommandContext,
  cells: readonly PlannedCell<RunOptions>[],
  command: readonly string[],
  { jobs = 1, failFast, junit, output }: RunOptions,
  runOwn: RunOwn,
): Promise<ToldResult[]> {
  const results = new Map<PlannedCell<RunOptions>, ToldResult>();
  const hasFailed = (): boolean =>
    [...results.values()].some(({ result: { result } }) => result !== 'passed');
  const isOver = (): boolean => context.signal.aborted || (failFast === true && hasFailed());
  const left = [...cells];
  const work = async (): Promise<void> => {
    while (left.length > 0 && !isOver()) {
      const cell = left.shift()!;
      const how = { output, jobs, keepsLines: junit !== undefined };
      const shown = cellOutput(context, cellText(cell.cell), how);
      const result = await runCell(context, cell, command, shown, runOwn);
      shown.close();
      results.set(cell, { result, lastLines: shown.lastLines() });
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return cells.map((cell) => results.get(cell) ?? { result: notBegun(cell), lastLines: '' });
}
