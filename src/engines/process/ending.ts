import { codeOf, KclusterError } from '../../errors.js';
import { pause } from '../../system/abort.js';
import type { NodeProcess, ProcessTable } from './process-table.js';

const pollMs = 25;
/** After SIGKILL a process is gone at once, unless the kernel holds it, in a file system that hangs for example. */
const killSeconds = 30;

/** A process that hangs in the kernel freezes when it comes back from there. */
const freezeSeconds = 2;

const never = new AbortController().signal;

/**
 * Asks the process to end, and kills it when it has not after the grace time. Resolves when it has ended.
 * @throws KclusterError `startFailed` when it cannot be ended
 */
export async function stop(
  table: ProcessTable,
  process: NodeProcess,
  graceSeconds: number,
): Promise<void> {
  if (await send(table, process, 'SIGTERM')) {
    // A frozen process sees no signal until it goes on.
    if (process.frozen) await send(table, process, 'SIGCONT');
    if (await hasEnded(table, process, graceSeconds)) return;
  }
  await kill(table, process);
}

/** Freezes a process until it is told to go on. Resolves when it is frozen, or has ended. */
export async function freeze(table: ProcessTable, process: NodeProcess): Promise<void> {
  await send(table, process, 'SIGSTOP');
  // A process with many threads takes a moment, and is listed as running until the last of them stands still.
  await isSoWithin(freezeSeconds, async () => (await table.now(process))?.frozen !== false);
}

/** Lets a frozen process go on. */
export async function thaw(table: ProcessTable, process: NodeProcess): Promise<void> {
  if (process.frozen) await send(table, process, 'SIGCONT');
}

/** Ends the process at once. Resolves when it has ended. @throws KclusterError `startFailed` when it does not */
export async function kill(table: ProcessTable, process: NodeProcess): Promise<void> {
  await send(table, process, 'SIGKILL');
  if (await hasEnded(table, process, killSeconds)) return;
  throw new KclusterError(
    'startFailed',
    `pid ${process.pid} has not ended ${killSeconds} seconds after SIGKILL`,
    { hints: [`See what holds it with \`ps -o pid,stat,wchan,command -p ${process.pid}\`.`] },
  );
}

/** Signals the process only if the pid still is its own. Returns whether it was there. */
async function send(
  table: ProcessTable,
  target: NodeProcess,
  signal: NodeJS.Signals,
): Promise<boolean> {
  if (!(await table.now(target))) return false;
  try {
    process.kill(target.pid, signal);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    throw error;
  }
}

async function hasEnded(
  table: ProcessTable,
  process: NodeProcess,
  seconds: number,
): Promise<boolean> {
  return await isSoWithin(seconds, () => !table.isAlive(process));
}

/** Looks again and again until it is so; false when it is not in time. */
async function isSoWithin(
  seconds: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await isSo())) {
    if (performance.now() >= deadline) return false;
    await pause(pollMs, never);
  }
  return true;
}
