import type { Emit, Event } from './events.js';
import { lastingLine } from './lines.js';
import type { Lines } from './output.js';
import type { Renderer } from './renderer.js';
import { styleFor } from './style.js';
import { progressWords } from './words.js';

const progressEveryMs = 5000;

/** A line for everything that came out, none for what is under way but long downloads: for logs and CI. */
export function plainRenderer({ stderr, env }: Lines): Renderer {
  const style = styleFor('stderr', env);
  return {
    emit: lineRenderer(
      (line) => void stderr.write(`${line}\n`),
      (event) => lastingLine(event, style),
    ),
    close: () => undefined,
  };
}

/** Writes the line of each event that has one, and every few seconds how far long work is. */
export function lineRenderer(
  write: (line: string) => void,
  lineOf: (event: Event) => string | undefined,
): Emit {
  const lastShown = new Map<string, number>();
  return (event) => {
    const line = lineOf(event);
    if (line !== undefined) write(line);
    if (event.type !== 'progress') return;
    const now = performance.now();
    if (now - (lastShown.get(event.task) ?? -Infinity) < progressEveryMs) return;
    lastShown.set(event.task, now);
    write(`${event.task}: ${progressWords(event)}`);
  };
}
