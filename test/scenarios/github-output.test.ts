import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, makeCli, type RunResult } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { readAsRunner, type ReadLine } from '../helpers/workflow-runner.js';

function commandsOf({ stderr }: RunResult): ReadLine[] {
  return readAsRunner(stderr).filter(({ command }) => command !== undefined);
}

const job = { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'summary.md' };

await describeEngines('a job of GitHub Actions', (engine) => {
  it('has groups, annotations and a summary, and the result on stdout once', async () => {
    await using cli = await makeCli(engine, job);
    const summary = async () => await readFile(join(cli.directory, 'summary.md'), 'utf8');
    const name = projectName('github');
    const flags = ['--name', name];

    const up = await cli.run(['up', ...flags, '--ports', 'auto', '--smoke', ...upFlags[engine]]);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(commandsOf(up).map(({ command }) => command)).toEqual(['group', 'endgroup']);
    const read = readAsRunner(up.stderr);
    const bounds = ['group', 'endgroup'].map((bound) =>
      read.findIndex(({ command }) => command === bound),
    );
    const grouped = read.slice(bounds[0]! + 1, bounds[1]).map(({ text }) => text);
    expect(grouped).toContainEqual(expect.stringMatching(/^✓ brokers are ready/));
    expect(up.stdout.match(/is up after/g)).toHaveLength(1);
    const [, address] = /^ {2}Kafka +(\S+)$/m.exec(up.stdout)!;
    const markdown = await summary();
    expect(markdown).toContain(`### cluster "${name}" is up after`);
    expect(markdown).toContain(`| Kafka | \`${address}\` |`);
    expect(markdown).toMatch(/^\| ✓ \| topic created \| .*1 partition, 1 replica in sync \| /m);

    const logs = await cli.run(['logs', 'broker-1', ...flags]);
    expect(logs.exitCode).toBe(0);
    expect(readAsRunner(logs.stdout).length).toBeGreaterThan(10);

    expect((await cli.run(['stop', ...flags])).exitCode).toBe(0);
    const smoke = await cli.run(['smoke', ...flags]);
    expect(smoke.exitCode).toBe(1);
    expect(commandsOf(smoke)).toEqual([
      {
        command: 'error',
        properties: { title: 'smoke: nodes run' },
        text: 'expected zookeeper-1 running, broker-1 running; saw zookeeper-1 exited, broker-1 exited',
      },
    ]);
    expect(await summary()).toMatch(/^\| ✗ \| nodes run \| expected .*; saw .* \| 0\.\d\d s \|$/m);

    expect((await cli.run(['down', '--volumes', ...flags])).exitCode).toBe(0);
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

describe('a failure in a job of GitHub Actions', () => {
  it('is an annotation, and in the summary with its hints', async () => {
    await using cli = await makeCli('process', job);
    const result = await cli.run(['smoke', '--name', 'nowhere']);
    expect(result.exitCode).toBe(5);
    expect(result.stdout).toBe('');
    expect(commandsOf(result)).toEqual([
      {
        command: 'error',
        properties: { title: 'kcluster: conflict' },
        text: [
          'there is no cluster "nowhere"',
          'Start it with `kcluster up --name nowhere`.',
          'See what is there with `kcluster list`.',
        ].join('\n'),
      },
    ]);
    expect(await readFile(join(cli.directory, 'summary.md'), 'utf8')).toContain(
      '\n- Start it with `kcluster up --name nowhere`.\n',
    );
  });

  it('may be of the command line, whose words are no commands', async () => {
    await using cli = await makeCli('process', job);
    const result = await cli.run(['up', '\n::stop-commands::token']);
    expect(result.exitCode).toBe(2);
    expect(commandsOf(result).map(({ command }) => command)).toEqual(['error']);
    const unknown = await cli.run(['--\n::stop-commands::token']);
    expect(commandsOf(unknown)).toMatchObject([
      {
        command: 'error',
        properties: { title: 'kcluster: usage' },
        text: expect.stringContaining('::stop-commands::token') as string,
      },
    ]);
    expect(unknown.exitCode).toBe(2);
  });

  it('is as always where another mode is wished', async () => {
    await using cli = await makeCli('process', job);
    const wishes = [{ KCLUSTER_OUTPUT: 'plain' }, { KCLUSTER_OUTPUT: 'json' }];
    for (const wish of wishes) {
      const result = await cli.run(['smoke', '--name', 'nowhere'], wish);
      expect(result.exitCode).toBe(5);
      expect(commandsOf(result)).toEqual([]);
    }
    await expect(readFile(join(cli.directory, 'summary.md'))).rejects.toThrow('ENOENT');
  });
});
