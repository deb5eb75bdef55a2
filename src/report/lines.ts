import { resultWords, type CellResult } from './cell-result.js';
import type { Event } from './events.js';
import type { Style } from './style.js';
import { seconds, stepWords } from './words.js';

type Lines = {
  [Type in Event['type']]: (
    event: Extract<Event, { type: Type }>,
    style: Style,
  ) => string | undefined;
};

const nothing = (): undefined => undefined;

const lines: Lines = {
  engine: ({ engine, description, reason }, style) =>
    `${style.strong(engine)} engine: ${description} ${style.faint(`(${reason})`)}`,
  'step-started': nothing,
  'step-done': ({ step, ms }, style) =>
    `${style.good('✓')} ${stepWords(step).done} ${style.faint(seconds(ms))}`,
  'step-failed': ({ step, message }, style) =>
    `${style.bad('✗')} ${stepWords(step).doing}: ${message}`,
  progress: nothing,
  'progress-done': nothing,
  waiting: nothing,
  'check-started': nothing,
  // The report tells how checks came out.
  check: nothing,
  'command-started': ({ command }, style) => style.strong(`$ ${command}`),
  'command-ended': ({ command, exitCode, ms }, style) => {
    const mark = exitCode === 0 ? style.good('✓') : style.bad('✗');
    return `${mark} ${command} ended with ${exitCode} ${style.faint(seconds(ms))}`;
  },
  // A line of its own, for whatever takes the last one.
  bundle: ({ path }) => `what tells of the failure is in\n${path}`,
  'matrix-started': ({ cells, jobs }) =>
    `a matrix of ${cells} ${cells === 1 ? 'cell' : 'cells'}${jobs > 1 ? `, ${jobs} at a time` : ''}`,
  'cell-started': ({ cell, cluster }, style) => `${style.strong(`[${cell}]`)} cluster "${cluster}"`,
  'cell-ended': ({ result }, style) => cellLines(result, style).join('\n'),
  notice: ({ message }) => message,
  warning: ({ message }, style) => `${style.warn('warning:')} ${message}`,
};

/** The failure of kcluster in a cell is told here, with all that is known of it: the run goes on. */
function cellLines(result: CellResult, style: Style): string[] {
  const words = resultWords(result);
  if (result.result === 'passed') return [`${style.good('✓')} ${words}`];
  const first = `${style.bad('✗')} ${words}`;
  if (result.result !== 'error') return [first];
  const { details, hints } = result.error;
  return [
    first,
    ...details.map((line) => `  ${line}`),
    ...hints.map((hint) => `${style.strong('hint:')} ${hint}`),
  ];
}

/** The line that an event leaves behind for good, or undefined when it only moves what is shown live. */
export function lastingLine(event: Event, style: Style): string | undefined {
  // The table pairs each type with its own event, which the type of a lookup by a union cannot say.
  const line = lines[event.type] as (event: Event, style: Style) => string | undefined;
  return line(event, style);
}
