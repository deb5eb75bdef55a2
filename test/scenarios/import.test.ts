import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, makeCli } from '../helpers/cli.js';
import { projectName } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';

const processes = await canRun('process');
const tutorial = new URL('../import/files/shapes/tutorial.yml', import.meta.url);

describe('import', () => {
  it('says what is wrong, for a person, a machine and CI, and changes nothing with --check', async () => {
    await using cli = await makeCli(undefined);
    await copyFile(tutorial, join(cli.directory, 'docker-compose.yml'));
    const checked = await cli.run(['import', '--check']);
    expect(checked.stdout).toMatch(
      /docker-compose\.yml:\d+:\d+: error: kafka: KAFKA_ADVERTISED_LISTENERS without KAFKA_LISTENERS/,
    );
    expect(checked.exitCode).toBe(1);
    const { data, exitCode } = await cli.json<{ findings: { rule: string; line: number }[] }>([
      'import',
      '--check',
    ]);
    expect(data.findings.map(({ rule }) => rule)).toContain('listeners-required');
    expect(exitCode).toBe(1);
    await expect(readFile(join(cli.directory, 'kcluster.yaml'))).rejects.toThrow('ENOENT');
  });

  it('overwrites no file unless it is told to', async () => {
    await using cli = await makeCli(undefined);
    await copyFile(tutorial, join(cli.directory, 'docker-compose.yml'));
    await writeFile(join(cli.directory, 'kcluster.yaml'), 'name: mine\n');
    expect((await cli.run(['import'])).exitCode).toBe(5);
    expect(await readFile(join(cli.directory, 'kcluster.yaml'), 'utf8')).toBe('name: mine\n');
    expect((await cli.run(['import', '--force'])).exitCode).toBe(0);
    expect((await cli.run(['render'])).exitCode).toBe(0);
  });

  it.each([
    ['no: [compose', 3],
    ['services: {db: {image: "postgres:16"}}', 3],
  ])('refuses what has no cluster: %s', async (text, code) => {
    await using cli = await makeCli(undefined);
    await writeFile(join(cli.directory, 'compose.yaml'), text);
    const { exitCode, stderr } = await cli.run(['import']);
    expect(stderr).toMatch(/^error: /);
    expect(exitCode).toBe(code);
    expect((await cli.run(['import', 'lost.yml'])).exitCode).toBe(2);
  });

  it.skipIf(!processes)('makes of the tutorial what was meant', async () => {
    await using cli = await makeCli('process');
    const name = projectName('tutorial');
    await copyFile(tutorial, join(cli.directory, 'docker-compose.yml'));
    expect((await cli.run(['import'])).exitCode).toBe(0);
    const flags = ['--images', 'local', '--ports', 'auto', '--name', name];
    const up = await cli.run(['up', ...flags, '--smoke']);
    expect(up.stderr).toContain('topic test created: 1 partition');
    expect(up.exitCode).toBe(0);
    expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
    expect(await leftovers(cli, name)).toEqual([]);
  });
});
