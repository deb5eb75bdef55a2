import { execa } from 'execa';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toComposeDocument } from '../../src/compose/read-document.js';
import { makeCli, type Cli } from '../helpers/cli.js';
import { hasTool } from '../helpers/tools.js';

const main = new URL('../../dist/main.js', import.meta.url).pathname;

describe('help', () => {
  it.each([
    'up',
    'down',
    'status',
    'connect',
    'smoke',
    'list',
    'logs',
    'stop',
    'start',
    'restart',
    'render',
    'import',
    'images',
    'images build',
    'doctor',
    'check',
    'completion',
  ])('of %s has examples', async (verb) => {
    await using cli = await makeCli(undefined);
    const { stdout, exitCode } = await cli.run([...verb.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: kcluster ${verb}`);
    expect(stdout).toMatch(new RegExp(`Examples:\\n.*kcluster ${verb}`));
  });

  it('tells the version', async () => {
    await using cli = await makeCli(undefined);
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect((await cli.run(['--version'])).stdout).toBe(manifest.version);
  });
});

describe('render', () => {
  it('prints the document that an engine would run, and nothing else', async () => {
    await using cli = await makeCli(undefined);
    const { stdout, stderr, exitCode } = await cli.run(['render', '--brokers', '2']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(Object.keys(toComposeDocument(parse(stdout)).services)).toEqual([
      'zookeeper-1',
      'broker-1',
      'broker-2',
    ]);
  });

  it('is a document of loopback ports for the process engine', async () => {
    await using cli = await makeCli(undefined);
    const { data } = await cli.json<{ services: Record<string, { network_mode?: string }> }>([
      'render',
      '--engine',
      'process',
    ]);
    expect(Object.values(data.services).map((service) => service.network_mode)).toEqual([
      'host',
      'host',
    ]);
  });
});

describe('doctor', () => {
  it('says of every engine what it lacks, and how to mend it', async () => {
    await using cli = await makeCli(undefined, {
      PATH: '/nonexistent',
      JAVA_HOME: '',
      DOCKER_HOST: 'unix:///nonexistent/docker.sock',
    });
    const { exitCode, stdout } = await cli.run(['doctor']);
    expect(stdout).toContain('✗ daemon: ');
    expect(stdout).toContain('/nonexistent/docker.sock');
    expect(stdout).toMatch(/✗ Java: .*\n {4}.*openjdk/);
    expect(stdout).toContain('no engine can run here: install Docker, or Java 11 or newer');
    expect(exitCode).toBe(1);
  });

  it('is one JSON document', async () => {
    await using cli = await makeCli(undefined);
    const { data } = await cli.json(['doctor']);
    expect(Object.keys(data)).toEqual(['usable', 'docker', 'process', 'machine']);
  });
});

describe('completion', () => {
  it.skipIf(!hasTool('bash'))('completes in bash', async () => {
    await using cli = await makeCli(undefined);
    const env = await withKcluster(cli);
    const complete = async (line: string): Promise<string[]> => {
      const script = [
        'source <(kcluster completion bash)',
        `COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}`,
        'COMP_WORDS=($COMP_LINE); [[ $COMP_LINE == *" " ]] && COMP_WORDS+=("")',
        'COMP_CWORD=$((${#COMP_WORDS[@]} - 1))',
        '_kcluster_completion; printf "%s\\n" "${COMPREPLY[@]}"',
      ].join('\n');
      const { stdout } = await execa('bash', ['-c', script], { env });
      return stdout.split('\n');
    };
    expect(await complete('kcluster sta')).toEqual(expect.arrayContaining(['status', 'start']));
    expect(await complete('kcluster up --br')).toContain('--brokers');
    expect(await complete('kcluster up --engine ')).toEqual(['auto', 'docker', 'process']);
    expect(await complete('kcluster images ')).toContain('build');
  });

  it.skipIf(!hasTool('fish'))('completes in fish', async () => {
    await using cli = await makeCli(undefined);
    const env = await withKcluster(cli);
    const script = 'kcluster completion fish | source; complete -C "kcluster sta"';
    const { stdout } = await execa('fish', ['-c', script], { env });
    expect(stdout).toMatch(/^status\tShow what is there/m);
  });

  it.skipIf(!hasTool('zsh'))('is a script that zsh reads', async () => {
    await using cli = await makeCli(undefined);
    const env = await withKcluster(cli);
    await writeFile(
      join(cli.directory, '_kcluster'),
      (await cli.run(['completion', 'zsh'])).stdout,
    );
    const { exitCode } = await execa('zsh', ['-fn', join(cli.directory, '_kcluster')], { env });
    expect(exitCode).toBe(0);
  });
});

/** An environment in which `kcluster` is the built binary. */
async function withKcluster(cli: Cli): Promise<Record<string, string>> {
  const bin = join(cli.directory, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(main, join(bin, 'kcluster'));
  return { ...cli.env, PATH: `${bin}:${cli.env['PATH'] ?? ''}` };
}
