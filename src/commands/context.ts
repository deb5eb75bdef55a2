import type { OperationContext } from '../operations/context.js';
import type { Event } from '../report/events.js';
import type { Terminal } from '../report/output.js';
import type { Interrupts } from '../system/interrupts.js';

/** What a handler works with. */
export interface CommandContext extends OperationContext {
  terminal: Terminal;
  interrupts: Interrupts;
  /** Writes a line of a stream, such as a log, to stdout as it comes. */
  writeLine: (line: string) => void;
  /** Tells an event when everything else is said, the failure of the run as well. */
  tellLast: (event: Event) => void;
}
