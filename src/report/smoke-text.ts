import type { Style } from './style.js';
import { seconds } from './words.js';

export interface SmokeResult {
  cluster: string;
  ok: boolean;
  checks: { name: string; ok: boolean; ms: number; expected: string; seen: string }[];
}

/** The smoke report for people: a line a check, and for a failed one what was expected and seen. */
export function smokeText(report: SmokeResult, style: Style): string {
  const width = Math.max(...report.checks.map(({ name }) => name.length));
  const lines = report.checks.flatMap(({ name, ok, ms, expected, seen }) =>
    ok
      ? [`${style.good('✓')} ${name.padEnd(width)}  ${seen} ${style.faint(seconds(ms))}`]
      : [`${style.bad('✗')} ${name}`, `    expected  ${expected}`, `    seen      ${seen}`],
  );
  const verdict = smokeVerdict(report);
  return [...lines, report.ok ? style.good(verdict) : style.bad(verdict)].join('\n');
}

/** What the checks come to, in one line. */
export function smokeVerdict({ checks }: Pick<SmokeResult, 'checks'>): string {
  const failed = checks.filter(({ ok }) => !ok);
  const total = checks.reduce((sum, { ms }) => sum + ms, 0);
  return failed.length === 0
    ? `smoke: all ${checks.length} checks passed in ${seconds(total)}`
    : `smoke: ${failed.length} of ${checks.length} checks failed`;
}
