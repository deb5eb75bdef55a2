import type { Style } from './style.js';
import { table } from './table.js';
import type { Timings } from './timings.js';
import { seconds } from './words.js';

const barWidth = 24;

/** A row a stage, its parts below it; bars stand where on the way from begin to end it was. */
export function timingsText({ ms: total, stages }: Timings, style: Style): string {
  const row = (name: string, begin: number, ms: number): string[] => [
    name,
    seconds(begin),
    seconds(ms),
  ];
  const known = stages.reduce((sum, { ms }) => sum + ms, 0);
  const rows = stages.flatMap(({ name, begin, ms, parts = [] }) => [
    [...row(name, begin, ms), share(ms, total), bar('█', begin, ms, total)],
    ...parts.map((part) =>
      [...row(`  ${part.name}`, part.begin, part.ms), '', bar('─', part.begin, part.ms, total)].map(
        (cell) => style.faint(cell),
      ),
    ),
  ]);
  return table(
    ['stage', 'begin', 'time', 'share', ''],
    [
      ...rows,
      ['between them', '', seconds(total - known), share(total - known, total), ''],
      ['total', '', seconds(total), share(total, total), ''],
    ],
    style,
  );
}

function share(ms: number, total: number): string {
  return `${Math.round((100 * ms) / Math.max(1, total))} %`.padStart(5);
}

/** What is too short to be seen has a bar all the same. */
function bar(mark: string, begin: number, ms: number, total: number): string {
  const place = (at: number): number => Math.round((at / Math.max(1, total)) * barWidth);
  const from = Math.min(place(begin), barWidth - 1);
  return ' '.repeat(from) + mark.repeat(Math.max(1, place(begin + ms) - from));
}
