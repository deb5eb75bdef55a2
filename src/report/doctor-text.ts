import type { Finding } from '../cluster/diagnosis.js';
import { findingLines } from './finding-lines.js';
import type { Style } from './style.js';

const headings = { docker: 'docker engine', process: 'process engine', machine: 'this machine' };

/** Findings by section for people, each that is not fine with what to do about it. */
export function doctorText(
  sections: Record<keyof typeof headings, Finding[]>,
  usable: boolean,
  style: Style,
): string {
  const keys = Object.keys(headings) as (keyof typeof headings)[];
  const blocks = keys.map((key) =>
    [
      style.strong(headings[key]),
      ...sections[key].flatMap((finding) => findingLines(finding, style)),
    ].join('\n'),
  );
  const verdict = usable
    ? style.good('kcluster can run clusters here: `kcluster up --smoke`')
    : style.bad('no engine can run here: install Docker, or Java 11 or newer');
  return [...blocks, verdict].join('\n\n');
}
