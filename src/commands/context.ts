import type { OperationContext } from '../operations/context.js';

/** What a handler works with. */
export interface CommandContext extends OperationContext {
  /** Writes a line of a stream, such as a log, to stdout as it comes. */
  writeLine: (line: string) => void;
}
