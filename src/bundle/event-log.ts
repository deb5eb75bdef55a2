import type { Emit, Event } from '../report/events.js';
import { KeptEnds, type Bounds } from './kept-ends.js';

const usualBounds: Bounds = { first: 500_000, last: 1_500_000 };

/** Passes the events of a run on, and keeps them for a bundle: the first and the last ones when there are many. */
export class EventLog {
  readonly #kept: KeptEnds;
  /** Only the last of a row of events about the same piece of work counts. */
  #progress: { task: string; line: string } | undefined;

  constructor(bounds: Bounds = usualBounds) {
    this.#kept = new KeptEnds(bounds);
  }

  /** The same emit, with its events recorded. */
  recording(emit: Emit): Emit {
    return (event) => {
      this.#record(event);
      emit(event);
    };
  }

  /** One JSON document a line, each an event with the time `at` which it came. */
  text(): string {
    this.#flush();
    const lines = this.#kept.lines((count) => JSON.stringify({ leftOut: count }));
    return lines.map((line) => `${line}\n`).join('');
  }

  #record(event: Event): void {
    const line = JSON.stringify({ at: new Date().toISOString(), ...event });
    if (event.type !== 'progress') {
      this.#flush();
      this.#kept.push(line);
      return;
    }
    if (this.#progress?.task !== event.task) this.#flush();
    this.#progress = { task: event.task, line };
  }

  #flush(): void {
    if (this.#progress) this.#kept.push(this.#progress.line);
    this.#progress = undefined;
  }
}
