import { codeBlock, code, literal, markdownTable, prose } from './markdown.js';
import { resultWords, type CellResult } from './cell-result.js';
import type { Style } from './style.js';
import { table } from './table.js';
import { seconds } from './words.js';

/** What a matrix came to. */
export interface MatrixReport {
  /** Whether every cell has passed. */
  ok: boolean;
  command: readonly string[];
  /** Milliseconds. */
  ms: number;
  cells: readonly CellResult[];
}

/** A row a cell, and the verdict. */
export function matrixText(report: MatrixReport, style: Style): string {
  const { cells } = report;
  const rows = cells.map((cell) => [
    cell.cell,
    colourOf(cell, style)(resultWords(cell)),
    ...timesOf(cell),
    cell.bundle ?? '',
  ]);
  const hasBundle = cells.some(({ bundle }) => bundle !== undefined);
  const all = [headings, ...rows].map((row) => (hasBundle ? row : row.slice(0, -1)));
  const [first = [], ...others] = all;
  return `${table(first, others, style)}\n${matrixVerdict(report)}`;
}

/** The same in Markdown, with what is known of each failure of kcluster. */
export function matrixSummary(report: MatrixReport): string {
  const rows = report.cells.map((cell) => [
    cell.result === 'passed' ? '✓' : '✗',
    literal(cell.cell),
    literal(resultWords(cell)),
    ...timesOf(cell),
  ]);
  return [
    `### ${literal(matrixVerdict(report))}`,
    code(report.command.join(' ')),
    markdownTable(['', ...headings.slice(0, -1)], rows),
    ...report.cells.flatMap(failureOf),
  ].join('\n\n');
}

const headings = ['cell', 'result', 'start', 'command', 'bundle'];

/** `2 of 6 cells have not passed: 1 failed, 1 cancelled; 83.1 s`. */
function matrixVerdict({ cells, ms }: Pick<MatrixReport, 'cells' | 'ms'>): string {
  const counts = (['failed', 'error', 'cancelled'] as const)
    .map((result) => ({ result, count: cells.filter((cell) => cell.result === result).length }))
    .filter(({ count }) => count > 0);
  const bad = counts.reduce((sum, { count }) => sum + count, 0);
  if (bad === 0)
    return `${cells.length === 1 ? 'the one cell' : `all ${cells.length} cells`} passed in ${seconds(ms)}`;
  const parts = counts.map(({ result, count }) => `${count} ${verdictWords[result]}`);
  return `${bad} of ${cells.length} cells did not pass in ${seconds(ms)}: ${parts.join(', ')}`;
}

const verdictWords = { failed: 'failed', error: 'could not be run', cancelled: 'cancelled' };

function timesOf({ startMs, commandMs }: CellResult): [start: string, command: string] {
  return [startMs, commandMs].map((ms) => (ms === undefined ? '' : seconds(ms))) as [
    string,
    string,
  ];
}

function colourOf({ result }: CellResult, style: Style): (text: string) => string {
  if (result === 'passed') return (text) => style.good(text);
  return (text) => (result === 'cancelled' ? style.warn(text) : style.bad(text));
}

function failureOf(cell: CellResult): string[] {
  if (cell.result !== 'error') return [];
  const { message, details, hints } = cell.error;
  return [
    `#### ✗ ${literal(cell.cell)}`,
    prose(message),
    ...(hints.length === 0 ? [] : [hints.map((hint) => `- ${prose(hint)}`).join('\n')]),
    ...(details.length === 0 ? [] : [codeBlock(details)]),
  ];
}
