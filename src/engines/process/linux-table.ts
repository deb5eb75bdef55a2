import { readdirSync, readFileSync, statSync } from 'node:fs';
import { codeOf } from '../../errors.js';
import { parseProcStat, type ProcStat } from '../../system/proc-stat.js';
import { directoryOfArguments } from './marker.js';
import type { NodeProcess, ProcessTable } from './process-table.js';

/** The kernel shows times in ticks of USER_HZ, which is 100 on every architecture that Node.js runs on. */
const msPerTick = 10;

/**
 * Reads /proc. Synchronously: these files are in memory, and a read takes some microseconds.
 * @param proc where proc(5) is mounted
 */
export function linuxTable(proc: string): ProcessTable {
  const node = (pid: number, boot: number): NodeProcess | undefined => {
    const commandLine = read(`${proc}/${pid}/cmdline`);
    const directory = commandLine && directoryOfArguments(commandLine.split('\0'));
    const stat = directory ? statOf(proc, pid) : undefined;
    return directory && stat ? nodeProcess(pid, directory, stat, boot) : undefined;
  };
  return {
    nodes: () => {
      const boot = bootTime(read(`${proc}/stat`) ?? '');
      const found = ownPids(proc).map((pid) => node(pid, boot));
      return Promise.resolve(found.filter((each) => each !== undefined));
    },
    now: ({ pid, start, directory }) => {
      const current = node(pid, bootTime(read(`${proc}/stat`) ?? ''));
      const same = current?.start === start && current.directory === directory;
      return Promise.resolve(same ? current : undefined);
    },
    isAlive: ({ pid, start }) => String(statOf(proc, pid)?.startTicks) === start,
  };
}

/** Milliseconds since the epoch, from the `btime` line of /proc/stat. */
export function bootTime(stat: string): number {
  return Number(/^btime (\d+)$/m.exec(stat)?.[1] ?? 0) * 1000;
}

/** The pids of this user's processes: nobody else's may pass for a node. */
export function ownPids(proc: string): number[] {
  const self = process.geteuid?.();
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name) && ownerOf(`${proc}/${name}`) === self)
    .map(Number);
}

function ownerOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.uid;
}

function nodeProcess(pid: number, directory: string, stat: ProcStat, boot: number): NodeProcess {
  return {
    pid,
    start: String(stat.startTicks),
    startedAt: boot + stat.startTicks * msPerTick,
    frozen: stat.frozen,
    directory,
  };
}

function statOf(proc: string, pid: number): ProcStat | undefined {
  const stat = parseProcStat(read(`${proc}/${pid}/stat`) ?? '');
  return stat?.ended ? undefined : stat;
}

/** Undefined for a process that has ended, or that is not ours to look at. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
