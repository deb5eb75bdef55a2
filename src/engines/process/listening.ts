import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { parseProcStat } from '../../system/proc-stat.js';
import { ownPids } from './linux-table.js';

/** A process that listens on a port. */
export interface Listener {
  pid: number;
  command: string;
}

/** Who listens on a TCP port of this machine, where this user may know. */
export async function listenerOn(
  port: number,
  platform: NodeJS.Platform,
): Promise<Listener | undefined> {
  if (platform === 'linux') return linuxListener('/proc', port);
  try {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'];
    return parseLsof((await promisify(execFile)('lsof', args)).stdout);
  } catch {
    // lsof is not there, or found nobody.
    return undefined;
  }
}

/** By the inodes of the listening sockets, among the open files of this user's processes. */
function linuxListener(proc: string, port: number): Listener | undefined {
  const inodes = ['tcp', 'tcp6'].flatMap((table) =>
    listeningInodes(quietly(() => readFileSync(`${proc}/net/${table}`, 'utf8')) ?? '', port),
  );
  if (inodes.length === 0) return undefined;
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  const pid = ownPids(proc).find((candidate) => holdsOneOf(`${proc}/${candidate}/fd`, sockets));
  if (pid === undefined) return undefined;
  const stat = quietly(() => readFileSync(`${proc}/${pid}/stat`, 'utf8'));
  return { pid, command: parseProcStat(stat ?? '')?.command ?? 'a process' };
}

/** The inodes of sockets in state LISTEN (0A) on the port, from /proc/net/tcp or tcp6 (proc_pid_net(5)). */
export function listeningInodes(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`))
    .flatMap((fields) => fields[9] ?? []);
}

/** Reads `lsof -Fpc`: one field a line, `p` for the pid, `c` for the command. */
export function parseLsof(output: string): Listener | undefined {
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  const command = /^c(.+)$/m.exec(output)?.[1];
  return pid === undefined ? undefined : { pid: Number(pid), command: command ?? 'a process' };
}

function holdsOneOf(directory: string, sockets: ReadonlySet<string>): boolean {
  const files = quietly(() => readdirSync(directory)) ?? [];
  return files.some((file) =>
    sockets.has(quietly(() => readlinkSync(`${directory}/${file}`)) ?? ''),
  );
}

/** Processes, and their files, go while they are read; others are not ours to look at. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
