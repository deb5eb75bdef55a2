import type { Finding, Level } from '../import/finding.js';
import type { CheckedFile, ImportedFile } from '../import/import.js';
import { valueAt, pathText } from '../spec/path.js';
import type { Style } from './style.js';

/** Every finding, with why and what to do, and how many there are. */
export function checkText({ file, findings }: CheckedFile, style: Style): string {
  return [
    ...findings.flatMap((each) => lines(file, each, style)),
    verdict(file, findings, style),
  ].join('\n');
}

/** The findings, and what became of the compose file. */
export function importText(imported: ImportedFile, path: string, style: Style): string {
  const { spec, decisions } = imported;
  const decided = decisions.map(
    ({ path: key, why }) => `  ${style.strong(pathText(key))} ${short(valueAt(spec, key))}: ${why}`,
  );
  return [
    checkText(imported, style),
    '',
    `${style.good('✓')} ${path} is written: \`kcluster up${path === 'kcluster.yaml' ? '' : ` --file ${path}`}\` starts what it describes`,
    ...decided,
  ].join('\n');
}

function lines(main: string, finding: Finding, style: Style): string[] {
  const { level, rule, file, line, column, service, message, why, fix } = finding;
  const place = `${file ?? main}:${line}:${column}`;
  const subject = service === undefined ? '' : `${service}: `;
  return [
    `${place}: ${levelText(level, style)}: ${subject}${message} ${style.faint(`[${rule}]`)}`,
    `    ${why}`,
    `    ${style.faint('→')} ${fix}`,
  ];
}

function levelText(level: Level, style: Style): string {
  if (level === 'error') return style.bad(level);
  return level === 'warning' ? style.warn(level) : style.faint(level);
}

function verdict(file: string, findings: readonly Finding[], style: Style): string {
  const count = (level: Level, one: string): string[] => {
    const number = findings.filter((each) => each.level === level).length;
    return number === 0 ? [] : [`${number} ${one}${number === 1 ? '' : 's'}`];
  };
  const parts = [
    ...count('error', 'error'),
    ...count('warning', 'warning'),
    ...count('note', 'note'),
  ];
  if (parts.length === 0) return style.good(`${file}: nothing to say`);
  const isBad = findings.some(({ level }) => level !== 'note');
  const text = `${file}: ${parts.join(', ')}`;
  return isBad ? style.bad(text) : style.good(text);
}

/** A value on one line, or the names of what is in it. */
function short(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' && value !== null
    ? Object.keys(value).join(', ')
    : String(value);
}
