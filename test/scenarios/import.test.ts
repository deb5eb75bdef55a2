import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toComposeDocument } from '../../src/compose/read-document.js';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { projectName } from '../helpers/engines.js';
import { topicsOf } from '../helpers/records.js';
import { canRun } from '../helpers/require.js';

const shapes = new URL('../import/files/shapes/', import.meta.url);

async function put(cli: Cli, shape: string, name = 'docker-compose.yml'): Promise<string> {
  const text = await readFile(new URL(`${shape}.yml`, shapes), 'utf8');
  await writeFile(join(cli.directory, name), text);
  return text;
}

interface Report {
  file: string;
  findings: { level: string; rule: string; line: number; column: number; service?: string }[];
  spec?: Record<string, unknown>;
}

describe('kcluster import', () => {
  it('writes a kcluster.yaml, says what was wrong, and leaves one that is there alone', async () => {
    await using cli = await makeCli(undefined);
    await put(cli, 'tutorial');
    const { stdout, stderr, exitCode } = await cli.run(['import']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "docker-compose.yml:17:7: warning: kafka: only localhost is advertised: other containers can't connect",
    );
    expect(stdout).toContain('✓ kcluster.yaml is written: `kcluster up` starts what it describes');
    const written = await readFile(join(cli.directory, 'kcluster.yaml'), 'utf8');
    expect(written).toMatch(/^# yaml-language-server: \$schema=.*\n# What docker-compose\.yml/);

    const again = await cli.run(['import']);
    expect(again.exitCode).toBe(5);
    expect(again.stderr).toContain('kcluster.yaml is there already');
    expect((await cli.run(['import', '--to', 'other.yaml'])).exitCode).toBe(0);
    expect((await cli.run(['import', '--force'])).exitCode).toBe(0);
    expect(await readFile(join(cli.directory, 'kcluster.yaml'), 'utf8')).toBe(written);

    const render = await cli.run(['render']);
    expect(Object.keys(toComposeDocument(parse(render.stdout)).services)).toEqual([
      'zookeeper-1',
      'broker-1',
    ]);
  });

  it('only says what is wrong with --check, and 1 where something is', async () => {
    await using cli = await makeCli(undefined);
    await put(cli, 'tutorial');
    const { exitCode, data } = await cli.json<Report>(['import', '--check']);
    expect(exitCode).toBe(1);
    expect(Object.keys(data)).toEqual(['file', 'findings']);
    expect(data.file).toBe('docker-compose.yml');
    expect(data.findings).toContainEqual({
      level: 'error',
      rule: 'listeners-required',
      line: 17,
      column: 7,
      service: 'kafka',
      message: expect.stringContaining('KAFKA_ADVERTISED_LISTENERS') as string,
      why: expect.any(String) as string,
      fix: 'Add KAFKA_LISTENERS: PLAINTEXT://:9092.',
    });
    expect(await cli.run(['render'])).toMatchObject({ exitCode: 0 });
    await expect(readFile(join(cli.directory, 'kcluster.yaml'))).rejects.toThrow('ENOENT');
  });

  it('ends with 0 where there is nothing but notes', async () => {
    await using cli = await makeCli(undefined);
    await put(cli, 'right', 'compose.yaml');
    const { exitCode, stdout } = await cli.run(['import', '--check']);
    expect(stdout).toBe('compose.yaml: nothing to say');
    expect(exitCode).toBe(0);
  });

  it('is a filter with two dashes: stdout is the file, and stderr what there is to say', async () => {
    await using cli = await makeCli(undefined);
    const text = await readFile(new URL('two-clusters.yml', shapes), 'utf8');
    const { stdout, stderr, exitCode } = await cli.pipe(text, ['import', '-', '--to', '-']);
    expect(exitCode).toBe(0);
    expect(parse(stdout)).toMatchObject({ kafka: { brokers: 1, port: 9092 } });
    expect(stderr).toMatch(/^stdin:\d+:\d+: note: /m);
    const other = await cli.pipe(text, ['import', '-', '--to', '-', '--service', 'zookeeper1']);
    expect(parse(other.stdout)).toMatchObject({ kafka: { port: 9093 }, topics: { messages: {} } });
  });

  it('has the specification in its JSON', async () => {
    await using cli = await makeCli(undefined);
    await put(cli, 'bitnami', 'mine.yml');
    const { exitCode, data } = await cli.json<Report>(['import', 'mine.yml']);
    expect(exitCode).toBe(0);
    expect(data.spec).toEqual(
      parse(await readFile(join(cli.directory, 'kcluster.yaml'), 'utf8'), (_key, value: unknown) =>
        value === 1000 ? '1000' : value,
      ),
    );
    expect(data.findings.map(({ rule }) => rule)).toContain('changed');
  });

  it('reads .env, the environment, env_file and an override', async () => {
    await using cli = await makeCli(undefined);
    const file = (name: string, text: string): Promise<void> =>
      writeFile(join(cli.directory, name), text);
    await file(
      'docker-compose.yml',
      'services:\n  kafka:\n    image: confluentinc/cp-kafka:${TAG}\n    env_file: kafka.env\n',
    );
    await file('docker-compose.override.yml', 'services:\n  kafka:\n    ports: ["${PORT}:9092"]\n');
    await file('.env', 'TAG=7.5.0\nPORT=1\n');
    await file(
      'kafka.env',
      'KAFKA_ZOOKEEPER_CONNECT=zookeeper:2181\nKAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:19092\nKAFKA_LISTENERS=PLAINTEXT://:9092\n',
    );
    const { stdout } = await cli.run(['import', '--to', '-'], { PORT: '19092' });
    expect(parse(stdout)).toMatchObject({ kafka: { version: '3.5', port: 19092 } });
    const alone = await cli.run(['import', 'docker-compose.yml', '--to', '-']);
    expect(parse(alone.stdout)).toMatchObject({ kafka: { brokers: 1 } });
    expect(alone.stdout).not.toContain('port:');
  });

  it.each([
    [['import'], {}, 2, /there is no compose file here[\s\S]*kcluster import path/],
    [['import', 'nowhere.yml'], {}, 2, /nowhere\.yml can't be read: there is no such file/],
    [['import'], { 'compose.yml': 'a: [' }, 3, /compose\.yml is not YAML\n +compose\.yml:1:5/],
    [['import'], { 'compose.yml': 'a: 1' }, 3, /compose\.yml is not a compose file/],
    [
      ['import', '--check'],
      { 'compose.yml': 'services: {web: {image: nginx}}' },
      3,
      /compose\.yml has no Kafka that runs on ZooKeeper\n.*none of its services is a broker: web/,
    ],
    [
      ['import'],
      { 'compose.yml': 'services: {kafka: {image: "apache/kafka:3.9.0"}}' },
      3,
      /kafka is a broker of KRaft[\s\S]*nothing to import/,
    ],
    [
      ['import', '--service', 'web'],
      {
        'compose.yml':
          'services: {web: {image: a}, kafka: {image: wurstmeister/kafka, environment: [KAFKA_ZOOKEEPER_CONNECT=z]}}',
      },
      2,
      /web is no broker and no ZooKeeper of compose\.yml[\s\S]*kafka/,
    ],
    [
      ['import', '--to', 'nowhere/kcluster.yaml'],
      {
        'compose.yml':
          'services: {kafka: {image: wurstmeister/kafka, environment: [KAFKA_ZOOKEEPER_CONNECT=z]}}',
      },
      2,
      /nowhere\/kcluster\.yaml can't be written: there is no such directory/,
    ],
  ])('%j with %j is %i', async (args, files, code, message) => {
    await using cli = await makeCli(undefined);
    for (const [name, text] of Object.entries(files))
      await writeFile(join(cli.directory, name), text);
    const { exitCode, stderr, stdout } = await cli.run(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(exitCode).toBe(code);
  });
});

describe.skipIf(!(await canRun('process')))('what people copy from tutorials', () => {
  it('comes up as it was meant, with its topic', async () => {
    await using cli = await makeCli('process');
    await put(cli, 'tutorial');
    const name = projectName('import');
    expect((await cli.run(['import'])).exitCode).toBe(0);
    try {
      const up = await cli.json<{ bootstrapServers: string }>([
        ...['up', '--name', name, '--ports', 'auto', '--smoke'],
      ]);
      expect(up.exitCode).toBe(0);
      const { data } = await cli.json(['status', '--name', name]);
      expect(data).toMatchObject({ healthy: true });
      expect(await topicsOf(up.data.bootstrapServers)).toContain('test');
      const { stdout } = await cli.run(['render', '--engine', 'process']);
      expect(stdout).toContain('image: kcluster/kafka:2.8.2');
    } finally {
      await cli.run(['down', '--name', name, '--volumes']);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});
