import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { EngineName } from '../../src/cluster/engine.js';
import type { Event } from '../../src/report/events.js';
import { leftInTheEnd, makeCli, type Cli } from './cli.js';
import { projectName, upFlags } from './engines.js';

/** The words of `kcluster run` of a shell script, on a cluster of that name. */
export function runOf(
  engine: EngineName,
  name: string,
  script: string,
  flags: readonly string[] = [],
): string[] {
  return ['run', '--name', name, ...upFlags[engine], ...flags, '--', 'sh', '-c', script];
}

/** Gives the body a directory and a name of its own; whatever becomes of it, nothing stays. */
export async function leavingNothing(
  engine: EngineName,
  hint: string,
  body: (cli: Cli, name: string) => Promise<void>,
): Promise<void> {
  await using cli = await makeCli(engine);
  const name = projectName(hint);
  try {
    await body(cli, name);
  } catch (error) {
    await cli.run(['down', '--volumes', '--name', name]);
    throw error;
  }
  expect(await leftInTheEnd(cli, name)).toEqual([]);
}

/** The run has got as far as a step of that kind. */
export function starting(kind: string): (event: Event) => boolean {
  return (event) => event.type === 'step-started' && event.step.kind === kind;
}

/** The bundles in a directory. */
export async function bundlesIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name.endsWith('.tar.gz')).map((name) => join(directory, name));
}

/** The pids of the reapers of a state directory. */
export async function reapers({ directory }: Cli): Promise<number[]> {
  const registrations = join(directory, 'state', 'reapers');
  const names = await readdir(registrations).catch(() => []);
  const pids = names.map(async (name) => {
    const text = await readFile(join(registrations, name), 'utf8').catch(() => '');
    return text === '' ? [] : [(JSON.parse(text) as { pid: number }).pid];
  });
  return (await Promise.all(pids)).flat();
}
