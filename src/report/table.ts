import Table from 'cli-table3';
import type { Style } from './style.js';

const none = '';
const noBorders = {
  top: none,
  'top-mid': none,
  'top-left': none,
  'top-right': none,
  bottom: none,
  'bottom-mid': none,
  'bottom-left': none,
  'bottom-right': none,
  left: none,
  'left-mid': none,
  mid: none,
  'mid-mid': none,
  right: none,
  'right-mid': none,
  middle: '  ',
};

/** Columns without borders, headings faint, as `docker ps` prints them. */
export function table(
  headings: readonly string[],
  rows: readonly string[][],
  style: Style,
): string {
  const drawn = new Table({
    chars: noBorders,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  drawn.push(
    headings.map((heading) => style.faint(heading)),
    ...rows,
  );
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
