import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import { KclusterError, type FailureKind } from '../errors.js';
import {
  cellFlags,
  cellsOf,
  clusterNames,
  whichCells,
  type Axis,
  type Cell,
} from '../spec/matrix.js';
import { assertValues } from '../spec/resolve.js';
import type { OperationContext } from './context.js';
import { designCluster, saidLayers } from './design.js';
import { newName, type OwnOptions } from './own.js';
import { ownDefaults } from './own-defaults.js';

/** A cell of a matrix that can be run, and how its cluster is made. */
export interface PlannedCell<Options extends OwnOptions = OwnOptions> {
  cell: Cell;
  options: CellOptions<Options>;
}

type CellOptions<Options extends OwnOptions> = Options & { name: string; givenName: string };

/** What is asked of a matrix. */
export interface MatrixOptions {
  axes: readonly Axis[];
  /** What is known to be wrong with the axes. */
  problems: readonly string[];
  /** How many cells run at a time. */
  jobs: number;
}

/** A stem of this length has room behind it for the number of any cell. */
const longestStem = 36;

/**
 * The cells of a matrix, each with the name of its cluster; all that can be made.
 * @throws KclusterError with every problem of the axes and of every cell: `usage` where there is one of the axes, else
 * as `raiseOwn`
 */
export async function planCells<Options extends OwnOptions>(
  context: OperationContext,
  wished: Options,
  { axes, problems, jobs }: MatrixOptions,
): Promise<PlannedCell<Options>[]> {
  const cells = cellsOf(axes);
  const names = clusterNames(wished.givenName ?? newName(wished, longestStem), cells);
  const planned = cells.map((cell, index): PlannedCell<Options> => {
    const name = names[index]!;
    return { cell, options: { ...wished, ...cellFlags(cell), name, givenName: name } };
  });
  const failures: CellFailure[] = [];
  for (const { cell, options } of planned) {
    const errors = await failuresOf(context, options, jobs);
    failures.push(...errors.map((error) => ({ cell, error })));
  }
  if (problems.length + failures.length > 0) throw notRunnable(problems, failures, cells);
  return planned;
}

interface CellFailure {
  cell: Cell;
  error: KclusterError;
}

/** What keeps the cluster of a cell from being made, as far as that can be known before. */
async function failuresOf(
  context: OperationContext,
  options: CellOptions<OwnOptions>,
  jobs: number,
): Promise<KclusterError[]> {
  try {
    const there = await context.engines.select(options.name, options.engine);
    const wish = { ...options, defaults: ownDefaults };
    const { release, spec } = await designCluster(wish, there);
    await release();
    return [
      ...(isAbsent(there.observed) ? [] : [taken(there.observed)]),
      ...(spec.ports === 'fixed' && jobs > 1 ? [portsAtOnce()] : []),
    ];
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    return error.kind === 'invalidSpec' ? [error] : [error, ...valueFailures(options)];
  }
}

/** Without an engine the values can be judged all the same. */
function valueFailures(options: CellOptions<OwnOptions>): KclusterError[] {
  try {
    assertValues(saidLayers(options));
    return [];
  } catch (error) {
    if (error instanceof KclusterError) return [error];
    throw error;
  }
}

function taken({ project }: ObservedProject): KclusterError {
  return new KclusterError('conflict', `there is a cluster "${project}" already`, {
    hints: ['Leave `--name` out: the clusters get names that are new.'],
  });
}

function portsAtOnce(): KclusterError {
  return new KclusterError('usage', '--jobs: clusters at the same time have no ports in common', {
    hints: ['Take free ones with `--ports auto` (ports: auto), or leave `--jobs` out.'],
  });
}

/** Each problem once, with the cells that have it. */
function notRunnable(
  problems: readonly string[],
  failures: readonly CellFailure[],
  cells: readonly Cell[],
): KclusterError {
  const cellsWith = new Map<string, Cell[]>();
  for (const { cell, error } of failures)
    for (const text of blocksOf(error)) cellsWith.set(text, [...(cellsWith.get(text) ?? []), cell]);
  const told = [...cellsWith].flatMap(([text, some]) =>
    `${whichCells(some, cells)} ${text}`.trimStart().split('\n'),
  );
  const kind: FailureKind = problems.length > 0 ? 'usage' : failures[0]!.error.kind;
  const hints = [
    ...(problems.length > 0 ? [howToWrite] : []),
    ...failures.flatMap(({ error }) => error.hints),
  ];
  return new KclusterError(kind, 'the matrix is not one that can be run', {
    details: [...problems, ...told],
    hints: [...new Set(hints)],
  });
}

const howToWrite =
  'An axis is a flag and its values: `kcluster run --matrix kafka=2.8,3.9 --matrix brokers=1,3 -- npm test`.';

/** The problems of a specification, each with the lines of the file below it; of another failure all that it says. */
function blocksOf({ kind, message, details }: KclusterError): string[] {
  if (kind !== 'invalidSpec') return [[message, ...details.map((line) => `  ${line}`)].join('\n')];
  const blocks: string[][] = [];
  for (const line of details) {
    const isMore = /^\s/.test(line);
    if (isMore) blocks.at(-1)?.push(line);
    else blocks.push([line]);
  }
  return blocks.map((lines) => lines.join('\n'));
}
