import type { Event } from './events.js';
import type { Style } from './style.js';
import { seconds, stepWords } from './words.js';

/** The line that an event leaves behind for good, or undefined when it only moves what is shown live. */
export function lastingLine(event: Event, style: Style): string | undefined {
  switch (event.type) {
    case 'engine':
      return `${style.strong(event.engine)} engine: ${event.description} ${style.faint(`(${event.reason})`)}`;
    case 'step-done':
      return `${style.good('✓')} ${stepWords(event.step).done} ${style.faint(seconds(event.ms))}`;
    case 'step-failed':
      return `${style.bad('✗')} ${stepWords(event.step).doing}: ${event.message}`;
    case 'command-started':
      return style.strong(`$ ${event.command}`);
    case 'command-ended':
      return commandLine(event, style);
    case 'notice':
      return event.message;
    case 'warning':
      return `${style.warn('warning:')} ${event.message}`;
    case 'step-started':
    case 'progress':
    case 'progress-done':
    case 'waiting':
    case 'check-started':
    // The report tells how checks came out.
    case 'check':
      return undefined;
  }
}

function commandLine(
  { command, exitCode, ms }: Extract<Event, { type: 'command-ended' }>,
  style: Style,
): string {
  const mark = exitCode === 0 ? style.good('✓') : style.bad('✗');
  return `${mark} ${command} ended with ${exitCode} ${style.faint(seconds(ms))}`;
}
