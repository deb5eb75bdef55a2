import { stripVTControlCharacters } from 'node:util';

/** A text as it is: none of its characters is taken for markup, a mention or a link. One line. */
export function literal(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_[\]{}<>|~&@#$:!]/g, String.raw`\$&`);
}

/** A text for people in which commands stand between backticks, as code; the rest of it is literal. */
export function prose(text: string): string {
  return text
    .split(/(`[^`\r\n]+`)/)
    .map((part, i) => (i % 2 === 1 ? code(part.slice(1, -1)) : literal(part)))
    .join('');
}

/** A text as code on one line. */
export function code(text: string): string {
  const line = oneLine(text).trim();
  const fence = longestRun(line) === 0 ? '`' : '`'.repeat(longestRun(line) + 1);
  const gap = fence === '`' ? '' : ' ';
  return `${fence}${gap}${line}${gap}${fence}`;
}

/** Lines as a block of code, whatever is in them. */
export function codeBlock(lines: readonly string[]): string {
  const text = stripVTControlCharacters(lines.join('\n'));
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

/** @param rows cells that are Markdown already, of one line each */
export function markdownTable(headings: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Code may have a bar too, which would end the cell. */
function cell(markdown: string): string {
  return markdown.replaceAll(/(?<!\\)\|/g, String.raw`\|`);
}

function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\s+/g, ' ');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
