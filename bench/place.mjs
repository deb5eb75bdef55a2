// Where a contender's run takes place: directories of its own, a name of its own, and child processes by the clock.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export const main = new URL('../dist/main.js', import.meta.url).pathname;

/** A directory and a name that no other run has. */
export function makePlace() {
  const directory = mkdtempSync(join(tmpdir(), 'kcluster-bench-'));
  const name = `bench-${directory.slice(-6).toLowerCase()}`;
  return { directory, name, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Milliseconds from the start of a command to its end. A command that fails ends the benchmark. */
export async function timed(command, args, { cwd, env } = {}) {
  const begin = performance.now();
  await run(command, args, { cwd, env });
  return performance.now() - begin;
}

/** @returns what the command has written */
export async function run(command, args, { cwd, env, timeout = 180_000 } = {}) {
  return await new Promise((resolve, reject) => {
    const options = { cwd, env: env ?? process.env, timeout, maxBuffer: 1e8 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      reject(
        new Error(
          `${command} ${args.join(' ')}: ended with ${error.code ?? error.signal}\n${stdout}\n${stderr}`,
        ),
      );
    });
  });
}
