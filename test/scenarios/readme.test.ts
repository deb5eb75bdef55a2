import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/cluster/engine.js';
import { dockerCompose, hasCompose } from '../helpers/compose.js';
import { leftInTheEnd, leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { canRun } from '../helpers/require.js';
import { hasTool } from '../helpers/tools.js';
import { isPortFree } from '../../src/system/ports.js';

const main = new URL('../../dist/main.js', import.meta.url).pathname;

/** The shell blocks under a heading of the README, as one script. */
function scriptOf(heading: string): string {
  const readme = readFileSync('README.md', 'utf8');
  const section = readme.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!);
  expect(blocks).not.toEqual([]);
  return blocks.join('\n');
}

/** Runs the script with `kcluster` on PATH; the first command that fails ends it. */
async function runScript(cli: Cli, script: string, engine: EngineName) {
  const bin = join(cli.directory, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(main, join(bin, 'kcluster'));
  const manifest = { scripts: { 'integration-tests': 'test -n "$KAFKA_BOOTSTRAP_SERVERS"' } };
  await writeFile(join(cli.directory, 'package.json'), JSON.stringify(manifest));
  return await execa('bash', ['-euxc', script], {
    cwd: cli.directory,
    env: { ...cli.env, KCLUSTER_ENGINE: engine, PATH: `${bin}:${cli.env['PATH'] ?? ''}` },
    reject: false,
    all: true,
  });
}

const defaultPorts = [2181, 2182, 2183, 9092, 9093, 9094];
const free = (await Promise.all(defaultPorts.map(isPortFree))).every(Boolean);
if (!free) process.stderr.write('SKIPPED, the commands of the README: default ports are taken\n');

const processes = await canRun('process');
const docker = await canRun('docker');

it('the commands of the README under "kcluster.yaml" do what it says', async () => {
  await using cli = await makeCli('process');
  const result = await runScript(cli, scriptOf('kcluster.yaml'), 'process');
  expect(result.exitCode, result.all).toBe(0);
});

it('the commands of the README under "Existing compose files" do what it says', async () => {
  await using cli = await makeCli(undefined);
  const tutorial = new URL('../import/files/shapes/tutorial.yml', import.meta.url);
  await copyFile(tutorial, join(cli.directory, 'docker-compose.yml'));
  const script = scriptOf('Existing compose files').replace('up --dry-run', 'render');
  const result = await runScript(cli, script, 'docker');
  expect(result.exitCode, result.all).toBe(0);
});

describe.skipIf(!free)('the commands of the README', () => {
  it
    .skipIf(!processes || !hasTool('jq'))
    .each([
      'Everyday use',
      'Run a test suite',
      'In CI',
      'When something fails',
      'Change a cluster',
    ])('under "%s" do what it says', async (heading) => {
    await using cli = await makeCli('process');
    const script = scriptOf(heading)
      // Following ends by itself here.
      .replace('logs broker-1 --follow', 'logs broker-1 --tail 5')
      .concat(
        '\nfor name in orders billing; do kcluster down --volumes --name $name; done\nkcluster down --volumes\n',
      );
    const result = await runScript(cli, script, 'process');
    expect(result.exitCode, result.all).toBe(0);
    for (const name of ['kcluster', 'ci', 'orders', 'billing'])
      expect(await leftInTheEnd(cli, name)).toEqual([]);
  });

  it.skipIf(!docker)('under "Engines" do what it says', async () => {
    await using cli = await makeCli('docker');
    const script = scriptOf('Engines')
      // The base that the tests have: a registry may be out of reach.
      .replaceAll('eclipse-temurin:21-jre', 'kcluster-test/base:bookworm')
      .concat('\nkcluster down --volumes\n');
    const result = await runScript(cli, script, 'docker');
    expect(result.exitCode, result.all).toBe(0);
    expect(await leftovers(cli, 'kcluster')).toEqual([]);
  });

  it.skipIf(!docker || !hasCompose(dockerCompose))(
    'under "With Docker Compose" do what it says',
    async () => {
      await using cli = await makeCli('docker');
      const script = scriptOf('With Docker Compose').replaceAll(
        '--brokers 3',
        '--brokers 3 --images local',
      );
      const result = await runScript(cli, script, 'docker');
      expect(result.exitCode, result.all).toBe(0);
      expect(await leftovers(cli, 'kcluster')).toEqual([]);
    },
  );
});
