import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { junitProblems } from '../helpers/junit-schema.js';

/** The report that a run has written: valid, and its draft gone. */
async function reportIn(cli: Cli, file: string): Promise<string> {
  expect((await readdir(cli.directory)).filter((name) => name.startsWith('.kcluster'))).toEqual([]);
  const xml = await readFile(join(cli.directory, file), 'utf8');
  expect(await junitProblems(xml)).toEqual([]);
  return xml;
}

await describeEngines('--junit', (engine) => {
  it('writes every smoke check, those that fail too', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('junit');
    const flags = ['--name', name];
    const begin = new Date().toISOString().slice(0, 19);

    const report = ['--smoke', '--junit', 'up.xml'];
    const up = await cli.run(['up', ...flags, '--ports', 'auto', ...upFlags[engine], ...report]);
    expect(up.exitCode, up.stderr).toBe(0);
    const passed = await reportIn(cli, 'up.xml');
    expect(passed).toContain(
      `<testsuite name="smoke of ${name}" tests="9" failures="0" errors="0"`,
    );
    expect(passed).toContain(`<testcase name="topic created" classname="kcluster.smoke.${name}"`);
    expect(/timestamp="(.*?)"/.exec(passed)![1]! >= begin).toBe(true);

    expect((await cli.run(['stop', ...flags])).exitCode).toBe(0);
    await writeFile(join(cli.directory, 'old.xml'), 'of an earlier run');
    await symlink('old.xml', join(cli.directory, 'smoke.xml'));
    const smoke = await cli.run(['smoke', ...flags, '--junit', 'smoke.xml']);
    expect(smoke.exitCode).toBe(1);
    const failed = await reportIn(cli, 'old.xml');
    expect(failed).toContain('tests="1" failures="1" errors="0"');
    expect(failed).toContain('saw zookeeper-1 exited, broker-1 exited');

    expect((await cli.run(['down', '--volumes', ...flags])).exitCode).toBe(0);
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

describe('--junit of a run that comes to no check', () => {
  it('says why in place of the report of an earlier run', async () => {
    await using cli = await makeCli('process');
    await writeFile(join(cli.directory, 'smoke.xml'), 'of an earlier run');
    const { exitCode } = await cli.run(['smoke', '--name', 'nowhere', '--junit', 'smoke.xml']);
    expect(exitCode).toBe(5);
    const xml = await reportIn(cli, 'smoke.xml');
    expect(xml).toContain('tests="1" failures="0" errors="1"');
    expect(xml).toContain('<error message="there is no cluster &quot;nowhere&quot;">');
    expect(xml).toContain('kcluster up --name nowhere');
  });

  it.each([[['up']], [['up', '--smoke', '--dry-run']]])('%j is refused, with 2', async (words) => {
    await using cli = await makeCli('process');
    const { exitCode, stderr } = await cli.run([...words, '--junit', 'smoke.xml']);
    expect(stderr).toContain('error: --junit has nothing to write: no check is made');
    expect(stderr).toContain('hint: Prove the cluster as well: `kcluster up --smoke --junit');
    expect(exitCode).toBe(2);
  });
});

describe('--junit with a path that can not be written', () => {
  it.each([
    ['missing/smoke.xml', 'there is no such directory'],
    ['state', 'it is no file'],
    ['file/smoke.xml', 'ENOTDIR'],
    ['/dev/full', 'it is no file'],
  ])('%s is refused before anything is done, with 2', async (path, why) => {
    await using cli = await makeCli('process');
    await writeFile(join(cli.directory, 'file'), '');
    const { exitCode, stderr } = await cli.run(['up', '--smoke', '--junit', path]);
    expect(stderr).toMatch(new RegExp(`^error: ${path} can't be written: ${why}`));
    expect(stderr).not.toContain('engine');
    expect(exitCode).toBe(2);
    expect(await leftovers(cli, 'kcluster')).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('may be in a directory of somebody else', async () => {
    await using cli = await makeCli('process');
    const closed = join(cli.directory, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o555);
    const { exitCode, stderr } = await cli.run(['smoke', '--junit', 'closed/smoke.xml']);
    expect(stderr).toContain("error: closed/smoke.xml can't be written: EACCES");
    expect(exitCode).toBe(2);
  });
});
