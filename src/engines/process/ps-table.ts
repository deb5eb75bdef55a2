import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { codeOf } from '../../errors.js';
import { directoryOfCommand } from './marker.js';
import type { NodeProcess, ProcessTable } from './process-table.js';

const run = promisify(execFile);
const columns = ['uid=', 'pid=', 'stat=', 'lstart=', 'command='].flatMap((each) => ['-o', each]);

/** Reads the output of ps(1), where there is no /proc: macOS and the BSDs. */
export function psTable(): ProcessTable {
  const nodes = async (selection: string[]): Promise<NodeProcess[]> =>
    parsePs(await ps(selection), process.geteuid?.() ?? -1);
  return {
    nodes: () => nodes(['-ax']),
    now: async ({ pid, start, directory }) =>
      (await nodes(['-p', String(pid)])).find(
        (found) => found.start === start && found.directory === directory,
      ),
    isAlive: ({ pid }) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        return codeOf(error) === 'EPERM';
      }
    },
  };
}

/**
 * The nodes in lines of `UID PID STATE START COMMAND`, with the start in the C locale and in UTC, such as
 * `Tue Nov 24 00:10:44 2026`.
 */
export function parsePs(output: string, uid: number): NodeProcess[] {
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/.exec(
      line,
    );
    if (!match) return [];
    const [, owner, pid, state = '', start = '', command = ''] = match;
    const directory = directoryOfCommand(command);
    if (directory === undefined || Number(owner) !== uid || state.startsWith('Z')) return [];
    const startedAt = Date.parse(`${start} UTC`);
    return [{ pid: Number(pid), start, startedAt, frozen: state.startsWith('T'), directory }];
  });
}

async function ps(selection: string[]): Promise<string> {
  // One format of the start time for everyone: it must be equal from one call to the next.
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  const maxBuffer = 256 * 1024 * 1024;
  try {
    return (await run('ps', [...selection, '-ww', ...columns], { env, maxBuffer })).stdout;
  } catch (error) {
    // With -p, exit code 1 without output says that there is no such process.
    if (selection.includes('-p') && (error as { code?: unknown }).code === 1) return '';
    throw error;
  }
}
