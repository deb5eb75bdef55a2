import { engineNames } from '../cluster/engine.js';
import { nearestOf } from './check.js';
import { numberOrText } from './number-flag.js';

/** The flags that a matrix can vary, and how each reads a value; they have no other name for it than the flag's own. */
const axisFlags = {
  kafka: String,
  brokers: numberOrText,
  zookeepers: numberOrText,
  observers: numberOrText,
  images: String,
  engine: String,
} satisfies Record<string, (text: string) => unknown>;

export type AxisName = keyof typeof axisFlags;
export const axisNames = Object.keys(axisFlags) as readonly AxisName[];

/** A flag, and the values that it takes one after the other. */
export interface Axis {
  name: AxisName;
  values: readonly string[];
}

/** One value of each axis, as they were written, in the order of the axes. */
export type Cell = readonly (readonly [axis: AxisName, value: string])[];

/** As many as a matrix of GitHub Actions may have. */
const mostCells = 256;
/** What `assertName` leaves, and Docker Compose accepts. */
const longestName = 40;

/**
 * Reads `kafka=2.8,3.9`, one text an axis. What is wrong with one does not keep the others from being read.
 * @param isGiven whether the flag of an axis was given by itself as well
 * @returns the axes with the values that can be used, and every problem, each with the place it is at
 */
export function readAxes(
  texts: readonly string[],
  isGiven: (axis: AxisName) => boolean,
): { axes: Axis[]; problems: string[] } {
  const axes: Axis[] = [];
  const problems: string[] = [];
  for (const text of texts) {
    const [name = '', list] = text.split(/=(.*)/s, 2);
    const tell = (message: string): void => void problems.push(`--matrix ${text}: ${message}`);
    if (list === undefined) tell('it is written FLAG=VALUE,VALUE');
    else if (!isAxisName(name)) tell(`there is no axis "${name}"${suggestion(name)}`);
    else if (axes.some((axis) => axis.name === name)) tell(`${name} is an axis already`);
    else {
      if (isGiven(name)) tell(`--${name} is given by itself as well`);
      axes.push({ name, values: readValues(name, list, tell) });
    }
  }
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  // One without a value that can be used says nothing; the others are still worth a look.
  if (count <= mostCells) return { axes: axes.filter(({ values }) => values.length > 0), problems };
  return {
    axes: [],
    problems: [...problems, `--matrix: ${count} cells are too many; there may be ${mostCells}`],
  };
}

/** Without those that are empty, that are not among the choices of the flag, or that were there before. */
function readValues(name: AxisName, list: string, tell: (message: string) => void): string[] {
  const values: string[] = [];
  for (const value of list.split(',').map((each) => each.trim())) {
    if (value === '') tell('a value is empty');
    else if (values.includes(value)) tell(`${value} is there twice`);
    else if (name === 'engine' && !engineChoices.includes(value))
      tell(`there is no engine "${value}"; there are ${engineChoices.join(', ')}`);
    else values.push(value);
  }
  return values;
}

const engineChoices: readonly string[] = ['auto', ...engineNames];

function isAxisName(name: string): name is AxisName {
  return Object.hasOwn(axisFlags, name);
}

function suggestion(name: string): string {
  const near = nearestOf(axisNames, name);
  return near === undefined ? `; there are ${axisNames.join(', ')}` : `; did you mean "${near}"?`;
}

/** Every cell, in the order in which nested loops over the axes come to them. */
export function cellsOf(axes: readonly Axis[]): Cell[] {
  return axes.reduce<Cell[]>(
    (cells, { name, values }) =>
      cells.flatMap((cell) => values.map((value): Cell => [...cell, [name, value]])),
    [[]],
  );
}

/** `kafka=3.5 brokers=3`. */
export function cellText(cell: Cell): string {
  return cell.map(([name, value]) => `${name}=${value}`).join(' ');
}

/** What the flags of the axes would have been given. */
export function cellFlags(cell: Cell): Partial<Record<AxisName, unknown>> {
  return Object.fromEntries(cell.map(([name, value]) => [name, axisFlags[name](value)]));
}

/** KCLUSTER_MATRIX_KAFKA and the like, for the command. */
export function cellVariables(cell: Cell): Record<string, string> {
  return Object.fromEntries(
    cell.map(([name, value]) => [`KCLUSTER_MATRIX_${name.toUpperCase()}`, value]),
  );
}

/**
 * The names of the cells' clusters, each unlike the others: `ci-kafka3_5-brokers3`, since a name has no dots; all of
 * them `ci-1`, `ci-2`, ... where one would be too long, or two would be the same.
 * @param stem a name; it is cut where a number would not fit behind it
 */
export function clusterNames(stem: string, cells: readonly Cell[]): string[] {
  const telling = cells.map((cell) => [stem, ...cell.map(nameWord)].join('-'));
  const areNames = telling.every((name) => name.length <= longestName);
  if (areNames && new Set(telling).size === cells.length) return telling;
  const room = longestName - `-${cells.length}`.length;
  return cells.map((_cell, index) => `${stem.slice(0, room)}-${index + 1}`);
}

function nameWord([axis, value]: Cell[number]): string {
  return `${axis}${value.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '_')}`;
}

/**
 * Which cells some of them are, in a few words: nothing for all of them, `[kafka=4.0]` for all that have this value,
 * else each by itself.
 * @param some at least one, and each among `all`
 */
export function whichCells(some: readonly Cell[], all: readonly Cell[]): string {
  const common = (some[0] ?? []).filter((pair) => some.every((cell) => has(cell, pair)));
  const alike = all.filter((cell) => common.every((pair) => has(cell, pair)));
  const named = alike.length === some.length ? [common] : some;
  return named
    .filter((cell) => cell.length > 0)
    .map((cell) => `[${cellText(cell)}]`)
    .join(' ');
}

function has(cell: Cell, [name, value]: Cell[number]): boolean {
  return cell.some((pair) => pair[0] === name && pair[1] === value);
}
