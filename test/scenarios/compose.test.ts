import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, makeCli } from '../helpers/cli.js';
import { projectName, upFlags } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';
import { hasTool } from '../helpers/tools.js';

const runs = (await canRun('docker')) && hasTool('docker-compose');

describe.skipIf(!runs)('docker-compose and kcluster', () => {
  it('run the same file: what docker-compose starts, kcluster proves and takes down', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('adopt');
    const ports = ['--ports', 'auto', '--brokers', '2'];
    const rendered = await cli.run(['render', '--name', name, ...ports, ...upFlags.docker]);
    expect(rendered.exitCode).toBe(0);
    await writeFile(join(cli.directory, 'compose.yaml'), rendered.stdout);
    const compose = ['-p', name, '-f', 'compose.yaml'];
    try {
      await execa('docker-compose', [...compose, 'up', '-d'], { cwd: cli.directory });
      // The cluster that is there is the one that is asked for: nothing is changed, only waited for.
      const up = await cli.json<{ changed: boolean }>(['up', '--name', name]);
      expect(up.exitCode).toBe(0);
      expect(up.data.changed).toBe(false);
      expect((await cli.run(['smoke', '--name', name])).exitCode).toBe(0);
      expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
    } finally {
      await execa('docker-compose', [...compose, 'down', '-v'], {
        cwd: cli.directory,
        reject: false,
      });
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('leave alone what is not theirs', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('foreign');
    const file =
      'services:\n  db:\n    image: kcluster/zookeeper:3.8.4\n    command: sleep 600\n    volumes: ["records:/records"]\nvolumes:\n  records: {}\n';
    await writeFile(join(cli.directory, 'compose.yaml'), file);
    const compose = async (...words: string[]) =>
      await execa('docker-compose', ['-p', name, ...words], { cwd: cli.directory });
    await compose('up', '-d');
    try {
      for (const verb of ['up', 'down', 'status', 'stop', 'start']) {
        const { exitCode, stderr } = await cli.run([verb, '--name', name]);
        expect(stderr).toContain(`"${name}" is a Compose project that kcluster did not make`);
        expect(stderr).not.toContain('--volumes');
        expect(exitCode).toBe(5);
      }
      const { stdout } = await compose('ps');
      expect(stdout).toContain('Up');
    } finally {
      await compose('down', '-v', '-t', '1');
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('see the same containers: what kcluster starts, docker-compose lists, logs and takes down', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('handed');
    const up = await cli.run(['up', '--name', name, '--ports', 'auto', ...upFlags.docker]);
    expect(up.exitCode).toBe(0);
    const rendered = await cli.run(['render', '--name', name, ...upFlags.docker]);
    await writeFile(join(cli.directory, 'compose.yaml'), rendered.stdout);
    const compose = async (...words: string[]): Promise<string> => {
      const args = ['-p', name, '-f', 'compose.yaml', ...words];
      const { stdout } = await execa('docker-compose', args, { cwd: cli.directory });
      return stdout;
    };
    try {
      expect(await compose('ps')).toMatch(/-zookeeper-1-1 .*Up[\s\S]*|-broker-1-1 .*Up/);
      expect(await compose('logs', 'broker-1')).toContain('KafkaServer');
    } finally {
      await compose('down', '-v');
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});
