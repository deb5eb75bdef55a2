import type { Place } from './layer.js';

/** A text, and what it is called in messages. */
export interface SourceText {
  name: string;
  text: string;
}

/** Offsets of the first character and of the one behind the last. */
export type Range = readonly [from: number, to: number];

/** Where something is in a text: line and column, both from 1 on, and the line with what is meant underlined. */
export function placeIn({ name, text }: SourceText, [wished, end]: Range): Place {
  // What is missing at the end is missing behind the last thing that is there.
  const from = Math.min(wished, text.trimEnd().length);
  const before = text.slice(0, from);
  const line = before.split('\n').length;
  const begin = before.lastIndexOf('\n') + 1;
  const row = /.*/y;
  row.lastIndex = begin;
  const [full = ''] = row.exec(text) ?? [];
  const head = text.slice(begin, from);
  const marked = text.slice(from, Math.min(Math.max(end, from), begin + full.length));
  const tail = full.slice(head.length + marked.length);
  return {
    label: `${name}:${line}:${Array.from(head).length + 1}`,
    offset: from,
    excerpt: underlined(line, head, marked, tail.trimEnd()),
  };
}

/** The most columns of a text that are shown, and those of what is meant and of what stands before it. */
const widest = { row: 100, marked: 60, head: 30 };

function underlined(line: number, head: string, marked: string, tail: string): string[] {
  const isLong = head.length + marked.length + tail.length > widest.row;
  const shownHead = printable(isLong ? lastOf(head, widest.head) : head);
  const shownMarked = printable(isLong ? firstOf(marked, widest.marked) : marked);
  const room = widest.row - shownHead.length - shownMarked.length;
  const shownTail = printable(isLong ? firstOf(tail, room) : tail);
  const gutter = String(line).padStart(5);
  return [
    `${gutter} | ${shownHead}${shownMarked}${shownTail}`,
    `${' '.repeat(gutter.length)} | ${' '.repeat(width(shownHead))}${'^'.repeat(Math.max(1, width(shownMarked)))}`,
  ];
}

function firstOf(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
}

function lastOf(text: string, most: number): string {
  return text.length <= most ? text : `…${text.slice(1 - most)}`;
}

/** A tab as one column, and nothing that would move the cursor of a terminal or colour it. */
function printable(text: string): string {
  return text.replaceAll('\t', '→').replaceAll(/[\0-\x1f\x7f-\x9f\u2028\u2029]/g, '\ufffd');
}

/** The columns that a terminal takes for a text: two for a wide character, none for one that joins another. */
function width(text: string): number {
  const wide =
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
  return Array.from(text).reduce((columns, character) => {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return columns;
    return columns + (wide.test(character) ? 2 : 1);
  }, 0);
}

/** A name or a value as part of a message: one line, and cut where it is too long. */
export function brief(text: string, most: number = widest.marked): string {
  return printable(firstOf(text, most));
}
