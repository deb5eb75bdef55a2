import type { Emit } from './events.js';
import type { OutputMode, Terminal } from './output.js';
import { harmlessJson } from './workflow-commands.js';

/** Shows events on stderr; `close` leaves the terminal as a following line expects it. */
export interface Renderer {
  emit: Emit;
  close(): void;
}

/** The renderer of a mode, loaded only when it is used. */
export async function rendererFor(mode: OutputMode, terminal: Terminal): Promise<Renderer> {
  switch (mode) {
    case 'pretty':
      return (await import('./pretty.js')).prettyRenderer(terminal);
    case 'plain':
      return (await import('./plain.js')).plainRenderer(terminal);
    case 'github':
      return (await import('./github.js')).githubRenderer(terminal);
    case 'json':
      return {
        emit: (event) => terminal.stderr.write(`${harmlessJson(event)}\n`),
        close: () => undefined,
      };
    case 'quiet':
      return { emit: () => undefined, close: () => undefined };
  }
}
