import { execa } from 'execa';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { chmod, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/cluster/engine.js';
import { leftovers, main, makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { canRun, dockerSocket } from '../helpers/require.js';

/** What a shell, `ps` or a file of properties might take for something else. */
const odd = 'a b ä 🙂 \' "\n2';

/** Runs a command line as a shell starts it that has done `before`, and with these redirections; nothing is inherited. */
async function started(
  { env: { PATH = '', JAVA_HOME, KCLUSTER_CACHE = '', KCLUSTER_ARCHIVES = '' } }: Cli,
  how: { before?: string; streams?: string; as?: readonly string[] },
  args: readonly string[],
  env: Record<string, string> & { cwd: string },
) {
  const { before = ':', streams = '', as = [] } = how;
  const { cwd, ...wished } = env;
  const script = `${before}; exec "$@" ${streams}`;
  return await execa('sh', ['-c', script, 'sh', ...as, process.execPath, main, ...args], {
    cwd,
    env: { PATH, KCLUSTER_CACHE, KCLUSTER_ARCHIVES, ...(JAVA_HOME && { JAVA_HOME }), ...wished },
    extendEnv: false,
    reject: false,
  });
}

/** But for the reaper, which may be about to leave. */
async function left(cli: Cli, name: string): Promise<string[]> {
  return (await leftovers(cli, name)).filter((each) => !/reaper/.test(each));
}

function runOf(engine: EngineName, name: string, ...command: string[]): string[] {
  return ['run', '--engine', engine, '--name', name, ...upFlags[engine], '--', ...command];
}

await describeEngines('a place and a shell that are odd', (engine) => {
  it('have a run that leaves nothing', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('odd');
    const [home, cwd, temporary] = ['home', 'cwd', 'tmp'].map((each) =>
      join(cli.directory, each, odd),
    ) as [string, string, string];
    for (const each of [home, cwd, temporary]) mkdirSync(each, { recursive: true });
    const state = join(cli.directory, 'state', odd);
    // No LANG, no TERM, and nobody to ask: stdin is closed.
    const { exitCode, stdout, stderr } = await started(
      cli,
      { before: 'umask 077', streams: '<&-' },
      runOf(engine, name, 'sh', '-c', 'umask; pwd'),
      { cwd, HOME: home, TMPDIR: temporary, KCLUSTER_STATE: state },
    );
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: `0077\n${cwd}`,
      stderr: expect.stringContaining('brokers are ready') as unknown,
    });
    expect([...readdirSync(home), ...readdirSync(cwd), ...readdirSync(temporary)]).toEqual([]);
    expect(await left(cli, name)).toEqual([]);
  });
});

await describeEngines('a home that is not there, and no stream to write to', (engine) => {
  it('have a cluster in the temporary directory, which nobody else can read', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('homeless');
    const place = {
      cwd: cli.directory,
      HOME: join(cli.directory, 'nowhere'),
      TMPDIR: join(cli.directory, 'state'),
    };
    const how = { before: 'umask 000', streams: '<&- >&- 2>&-' };
    const up = ['up', '--engine', engine, '--name', name, '--ports', 'auto', ...upFlags[engine]];
    expect(await started(cli, how, up, place)).toMatchObject({ exitCode: 0 });
    const status = await started(cli, {}, ['status', '--name', name, '--output', 'json'], place);
    expect(status).toMatchObject({ exitCode: 0 });
    const own = join(place.TMPDIR, `kcluster-${process.geteuid!()}`);
    expect(modesIn(own)).toEqual([]);
    const down = await started(cli, {}, ['down', '--volumes', '--name', name], place);
    expect(down).toMatchObject({ exitCode: 0 });
    expect(await left(cli, name)).toEqual([]);
  });
});

/** What others may look into, of what is not within a directory that is closed to them. */
function modesIn(directory: string): string[] {
  const { mode } = statSync(directory);
  if ((mode & 0o077) === 0) return [];
  return [`${directory} ${(mode & 0o777).toString(8)}`];
}

/** A user without an entry, a home or rights of any kind, and with these groups alone. */
function nobody(...groups: number[]): string[] {
  const list = groups.length > 0 ? [`--groups=${groups.join(',')}`] : ['--clear-groups'];
  return ['setpriv', '--reuid=54321', '--regid=54321', ...list, '--'];
}

/** Whether tests can become that user, and it can read the program. */
const becomes = (() => {
  const [program = '', ...args] = nobody();
  return spawnSync(program, [...args, 'test', '-r', main]).status === 0;
})();
if (!becomes) process.stderr.write('SKIPPED, users without rights: this user can become none\n');

describe.skipIf(!becomes)('a user without rights', async () => {
  await describeEngines('whose home can only be read', (engine) => {
    it('has a run that leaves nothing', async () => {
      await using cli = await makeCli(engine);
      const name = projectName('nobody');
      const place = await placeFor(cli);
      const groups = engine === 'docker' ? [statSync(dockerSocket).gid] : [];
      const run = await started(cli, { as: nobody(...groups) }, runOf(engine, name, 'id', '-u'), {
        ...place,
        HOME: cli.directory,
      });
      expect(run).toMatchObject({ exitCode: 0, stdout: '54321' });
      expect(run.stderr).toContain(`state is in ${place.TMPDIR}/kcluster-54321/state`);
      expect(await left(cli, name)).toEqual([]);
    });
  });

  it.skipIf(!(await canRun('docker')))('is told what it takes to use Docker', async () => {
    await using cli = await makeCli(undefined);
    const run = await started(cli, { as: nobody() }, runOf('docker', 'none', 'true'), {
      ...(await placeFor(cli)),
    });
    expect(run).toMatchObject({ exitCode: 4 });
    expect(run.stderr).toMatch(/no permission to use the Docker socket.*\n.*usermod -aG docker/);
  });
});

/** What everybody may read, and where everybody may write; of the program's own things only the jars are there. */
async function placeFor({ directory, env }: Cli) {
  const [cache, temporary] = [join(directory, 'cache'), join(directory, 'state')];
  await chmod(directory, 0o755);
  await mkdir(cache);
  await cp(join(env['KCLUSTER_CACHE']!, 'jars'), join(cache, 'jars'), { recursive: true });
  await chmod(temporary, 0o1777);
  return { cwd: '/', TMPDIR: temporary, KCLUSTER_CACHE: cache };
}
