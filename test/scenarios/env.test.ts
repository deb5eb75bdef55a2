import { execa } from 'execa';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftovers, makeCli } from '../helpers/cli.js';
import { projectName } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';
import { hasTool } from '../helpers/tools.js';

const runs = await canRun('process');

/** Says hello through the cluster that its environment tells. */
const hello = `
import { Kafka } from 'kafkajs';
const kafka = new Kafka({ brokers: process.env.KAFKA_BOOTSTRAP_SERVERS.split(','), logLevel: 0 });
const producer = kafka.producer();
await producer.connect();
await producer.send({ topic: 'hello', messages: [{ value: 'hello, world' }] });
await producer.disconnect();
console.log('sent');
`;

describe.skipIf(!runs)('the environment of a cluster', () => {
  const name = projectName('env');
  let cli: Awaited<ReturnType<typeof makeCli>>;
  let kafka: string;

  beforeAll(async () => {
    cli = await makeCli(undefined);
    const up = await cli.json<{ bootstrapServers: string }>([
      ...['up', '--name', name, '--engine', 'process', '--ports', 'auto', '--brokers', '2'],
    ]);
    expect(up.exitCode, up.stderr).toBe(0);
    kafka = up.data.bootstrapServers;
    await symlink(resolve('dist/main.js'), join(cli.directory, 'kcluster'));
    await symlink(resolve('node_modules'), join(cli.directory, 'node_modules'));
    await writeFile(join(cli.directory, 'hello.mjs'), hello);
  });
  afterAll(async () => {
    await cli.run(['down', '--volumes', '--name', name]);
    expect(await leftovers(cli, name)).toEqual([]);
    await cli[Symbol.asyncDispose]();
  });

  /** What a script prints that has `kcluster` on PATH. */
  const run = async (shell: string, script: string): Promise<string> => {
    const path = `${cli.directory}:${cli.env['PATH'] ?? ''}`;
    const { stdout } = await execa(shell, ['-c', script], {
      cwd: cli.directory,
      env: { ...cli.env, PATH: path, NAME: name },
      extendEnv: false,
    });
    return stdout;
  };
  const then = 'node hello.mjs && kcluster connect env && kcluster status --output json';

  it.each([
    ['sh', `set -e; eval "$(kcluster env --name "$NAME")"; ${then}`],
    ['bash', `set -e; source <(kcluster env sh --name "$NAME"); ${then}`],
    ['zsh', `set -e; eval "$(kcluster env --name "$NAME")"; ${then}`],
    ['fish', `kcluster env fish --name $NAME | source; and ${then.replaceAll('&&', '; and')}`],
  ])('in %s leads programs, and kcluster itself, to the cluster', async (shell, script) => {
    if (!hasTool(shell)) return;
    const [sent, bootstrap, , ...status] = (await run(shell, script)).split('\n');
    expect(sent).toBe('sent');
    expect(bootstrap).toBe(`KAFKA_BOOTSTRAP_SERVERS=${kafka}`);
    expect(JSON.parse(status.join('\n'))).toMatchObject({ cluster: name, engine: 'process' });
  });

  it.skipIf(!hasTool('kcat'))('has what the test suites around librdkafka take', async () => {
    const script = `eval "$(kcluster env --name $NAME)"; kcat -b $BROKERS -L`;
    expect(await run('sh', script)).toContain('2 brokers');
  });

  it('is a file for --env-file and for $GITHUB_ENV', async () => {
    const script = `
      kcluster env dotenv --name $NAME > .env
      kcluster env github --name $NAME >> github-env
      node --env-file=.env hello.mjs`;
    expect(await run('sh', script)).toBe('sent');
    const lines = (await readFile(join(cli.directory, 'github-env'), 'utf8')).split('\n');
    expect(lines).toContain(`KCLUSTER_NAME=${name}`);
    expect(lines).toContain(`SPRING_KAFKA_BOOTSTRAP_SERVERS=${kafka}`);
  });

  it('is JSON, alone and in a document', async () => {
    const { stdout, stderr } = await cli.run(['env', 'json', '--name', name]);
    const variables = JSON.parse(stdout) as Record<string, string>;
    expect(variables).toMatchObject({ KAFKA_BOOTSTRAP_SERVERS: kafka, KAFKA_VERSION: '3.9.2' });
    expect(stderr).toBe('');
    const { data } = await cli.json(['env', '--name', name]);
    expect(data).toEqual({ cluster: name, engine: 'process', from: 'host', variables });
  });

  it('is not there without a cluster, and nothing is on stdout', async () => {
    const { exitCode, stdout, stderr } = await cli.run(['env', '--name', `${name}-not`]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
    expect(stderr).toContain(`there is no cluster "${name}-not"`);
  });

  it('is missed at once by a script that reads it in two steps', async () => {
    const script = (not: string): string =>
      `set -e; vars="$(kcluster env --name $NAME${not})"; eval "$vars"; echo $KCLUSTER_NAME`;
    expect(await run('sh', script(''))).toBe(name);
    await expect(run('sh', script('-not'))).rejects.toMatchObject({ exitCode: 5, stdout: '' });
  });

  it('has a format of its own for each that reads it, and no other', async () => {
    const { exitCode, stderr } = await cli.run(['env', 'csh', '--name', name]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('sh, fish, powershell, dotenv, json, github');
  });
});

describe('KCLUSTER_NAME', () => {
  const nameOf = async (
    env: Record<string, string>,
    args: readonly string[] = [],
  ): Promise<unknown> => {
    await using cli = await makeCli('process');
    await writeFile(join(cli.directory, 'kcluster.yaml'), 'name: filed\n');
    const config = await cli.run(['config', ...args], env);
    expect(config.exitCode, config.stderr).toBe(0);
    const { stderr } = await cli.run(['status', ...args], env);
    const [, status] = /there is no cluster "(.*)"/.exec(stderr) ?? [];
    expect(config.stdout).toContain(`name: ${status}`);
    return status;
  };

  it('is --name: stronger than the file', async () => {
    expect(await nameOf({ KCLUSTER_NAME: 'told' })).toBe('told');
  });

  it('is weaker than the flag itself', async () => {
    expect(await nameOf({ KCLUSTER_NAME: 'told' }, ['--name', 'flagged'])).toBe('flagged');
  });

  it('counts as unset when it is empty', async () => {
    expect(await nameOf({ KCLUSTER_NAME: '' })).toBe('filed');
  });
});
