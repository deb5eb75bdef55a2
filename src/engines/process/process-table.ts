import { linuxTable } from './linux-table.js';
import { psTable } from './ps-table.js';

/** A process that runs a node. */
export interface NodeProcess {
  pid: number;
  /** Tells it from a later process with the same pid. */
  start: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Stopped by a signal. */
  frozen: boolean;
  /** The directory of its node. */
  directory: string;
}

/** The processes of this user on this machine. A process that has ended but is not yet reaped is not in it. */
export interface ProcessTable {
  /** All processes that run a node. */
  nodes(): Promise<NodeProcess[]>;
  /** The same process as it is now; undefined when it has ended, also when its pid is another process's. */
  now(process: NodeProcess): Promise<NodeProcess | undefined>;
  /** Like `now` for someone who asks all the time, so that a pid cannot have changed hands in between. */
  isAlive(process: NodeProcess): boolean;
}

export function processTable(platform: NodeJS.Platform): ProcessTable {
  return platform === 'linux' ? linuxTable('/proc') : psTable();
}
