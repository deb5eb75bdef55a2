import type { Style } from './style.js';
import { seconds } from './words.js';

interface SmokeReport {
  cluster: string;
  ok: boolean;
  checks: { name: string; ok: boolean; ms: number; expected: string; seen: string }[];
}

/** The smoke report for people: a line a check, and for a failed one what was expected and seen. */
export function smokeText(report: SmokeReport, style: Style): string {
  const failed = report.checks.filter((check) => !check.ok);
  const width = Math.max(...report.checks.map(({ name }) => name.length));
  const total = report.checks.reduce((sum, { ms }) => sum + ms, 0);
  const lines = report.checks.flatMap(({ name, ok, ms, expected, seen }) =>
    ok
      ? [`${style.good('✓')} ${name.padEnd(width)}  ${seen} ${style.faint(seconds(ms))}`]
      : [`${style.bad('✗')} ${name}`, `    expected  ${expected}`, `    seen      ${seen}`],
  );
  const verdict =
    failed.length === 0
      ? style.good(`smoke: all ${report.checks.length} checks passed in ${seconds(total)}`)
      : style.bad(`smoke: ${failed.length} of ${report.checks.length} checks failed`);
  return [...lines, verdict].join('\n');
}
