import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { codeOf } from '../errors.js';
import { pause } from '../system/abort.js';

/** The variable by which the command of a run, and all that it starts, is known. */
export const markVariable = 'KCLUSTER_RUN';

/** How long a process that is asked to end has for it: a `kcluster run` among them takes down its own cluster. */
const graceMs = 5000;
/** A process that SIGKILL does not end is held by the kernel; what waits for it goes on without. */
const patienceMs = 20_000;
const pollMs = 100;

/**
 * Ends every process of this user and machine that has the mark in its environment, but for this one; also those that
 * they start meanwhile. Resolves when there is none any more.
 * @throws KclusterError `interrupted` when the signal aborts
 */
export async function endMarked(mark: string, signal: AbortSignal): Promise<void> {
  const begin = performance.now();
  const asked = new Set<number>();
  for (;;) {
    const left = await markedProcesses(mark);
    const ms = performance.now() - begin;
    if (left.length === 0 || ms > patienceMs) return;
    for (const pid of left) {
      if (ms > graceMs) send(pid, 'SIGKILL');
      else if (!asked.has(pid)) askToEnd(pid);
      asked.add(pid);
    }
    await pause(pollMs, signal);
  }
}

/** The pids of the processes, but for this one, that have the mark. */
export async function markedProcesses(mark: string): Promise<number[]> {
  const entry = `${markVariable}=${mark}`;
  const found = process.platform === 'linux' ? inProc('/proc', entry) : await inPs(entry);
  return found.filter((pid) => pid !== process.pid);
}

/** A stopped process sees the signal only when it goes on. */
function askToEnd(pid: number): void {
  send(pid, 'SIGTERM');
  send(pid, 'SIGCONT');
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH' && codeOf(error) !== 'EPERM') throw error;
  }
}

/** Reads proc(5). A process that has ended has no environment there. */
function inProc(proc: string, entry: string): number[] {
  const user = process.geteuid?.();
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => statSync(`${proc}/${pid}`, { throwIfNoEntry: false })?.uid === user)
    .filter((pid) => environmentIn(`${proc}/${pid}/environ`).includes(entry))
    .map(Number);
}

/** Empty for a process that has ended, or that is not ours to look at. */
function environmentIn(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\0');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return [];
    throw error;
  }
}

/** Asks ps(1), where there is no /proc: -E of macOS and -e of the BSDs show the environment behind the command. */
async function inPs(entry: string): Promise<number[]> {
  const environment = process.platform === 'darwin' ? '-E' : '-e';
  const words = ['-ax', environment, '-ww', '-o', 'uid=', '-o', 'pid=', '-o', 'command='];
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
  const { stdout } = await promisify(execFile)('ps', words, { env, maxBuffer: 256 * 1024 * 1024 });
  return parseMarked(stdout, process.geteuid?.() ?? -1, entry);
}

/** The pids in lines of `UID PID COMMAND AND ENVIRONMENT` that are of the user and have the entry as a word. Pure. */
export function parseMarked(output: string, uid: number, entry: string): number[] {
  return output.split('\n').flatMap((line) => {
    const [owner, pid, ...words] = line.trim().split(/\s+/);
    return Number(owner) === uid && words.includes(entry) ? [Number(pid)] : [];
  });
}
