import { lastingLine } from './lines.js';
import type { Terminal } from './output.js';
import type { Renderer } from './renderer.js';
import { styleFor } from './style.js';
import { progressWords } from './words.js';

const progressEveryMs = 5000;

/** A line for everything that came out, none for what is under way but long downloads: for logs and CI. */
export function plainRenderer({ stderr, env }: Terminal): Renderer {
  const style = styleFor('stderr', env);
  const lastShown = new Map<string, number>();
  return {
    emit(event) {
      const line = lastingLine(event, style);
      if (line !== undefined) stderr.write(`${line}\n`);
      if (event.type !== 'progress') return;
      const now = performance.now();
      if (now - (lastShown.get(event.task) ?? -Infinity) < progressEveryMs) return;
      lastShown.set(event.task, now);
      stderr.write(`${event.task}: ${progressWords(event)}\n`);
    },
    close: () => undefined,
  };
}
