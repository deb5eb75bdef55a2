import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { codeOf } from '../errors.js';
import { parseProcStat } from './proc-stat.js';

/** One run of a process; a later process with the same pid has another `start`. */
export interface ProcessIdentity {
  pid: number;
  start: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const start = process.platform === 'linux' ? linuxStart('self') : undefined;
  const since = Math.round(Date.now() - process.uptime() * 1000);
  return { pid: process.pid, start: start ?? String(since) };
}

/** The identity of a process of this machine; undefined when there is none with that pid. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (pid === process.pid) return ownIdentity();
  if (process.platform === 'linux') {
    const start = linuxStart(String(pid));
    return start === undefined ? undefined : { pid, start };
  }
  // Without /proc its start is not to be had cheaply; that it runs now is.
  return exists(pid) ? { pid, start: String(Date.now()) } : undefined;
}

/** Whether that very process still runs. */
export function isAlive({ pid, start }: ProcessIdentity): boolean {
  if (process.platform === 'linux') return linuxStart(String(pid)) === start;
  // Without /proc the start time of another process is not to be had cheaply; a boot since then is.
  const boot = Date.now() - uptime() * 1000;
  return Number(start) > boot && exists(pid);
}

/** Ticks since boot alone would repeat after the next boot. Undefined for a process that has ended. */
function linuxStart(pid: string): string | undefined {
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (!stat || stat.ended) return undefined;
    return `${stat.startTicks}.${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch (error) {
    // ESRCH: the process ended between open and read.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
