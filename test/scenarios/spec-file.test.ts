import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleNames } from '../../src/commands/example-names.js';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { projectName } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function put(cli: Cli, name: string, text: string): Promise<void> {
  await writeFile(join(cli.directory, name), text);
}

async function content(cli: Cli, name: string): Promise<string> {
  return await readFile(join(cli.directory, name), 'utf8');
}

/** The engine that is wished does not answer. */
const noEngine = { DOCKER_HOST: 'unix:///nowhere.sock', KCLUSTER_ENGINE: 'docker' };

describe('kcluster init', () => {
  it('writes a file that the other commands take, and leaves one that is there alone', async () => {
    await using cli = await makeCli('process');
    const { stdout, exitCode } = await cli.run(['init']);
    expect(stdout).toBe('wrote kcluster.yaml; `kcluster up` makes the cluster');
    expect(exitCode).toBe(0);
    await put(cli, 'kcluster.yaml', 'name: mine\n');
    const again = await cli.run(['init', 'ensemble']);
    expect(again.exitCode).toBe(5);
    expect(again.stderr).toContain('kcluster.yaml is there already');
    expect(again.stderr).toContain('--force');
    expect(await content(cli, 'kcluster.yaml')).toBe('name: mine\n');
    expect((await cli.run(['init', 'ensemble', '--force'])).exitCode).toBe(0);
    expect(await content(cli, 'kcluster.yaml')).toContain('\nname: ensemble\n');
  });

  it('names the schema of this installation, by a URL that editors can open', async () => {
    await using cli = await makeCli(undefined);
    const { stdout } = await cli.run(['init', '--file', '-']);
    const [, url] = /^# yaml-language-server: \$schema=(file:\/\/\S+)\n/.exec(stdout)!;
    expect(JSON.parse(await readFile(fileURLToPath(url!), 'utf8'))).toMatchObject({
      title: 'kcluster.yaml',
    });
  });

  it('names it by a relative path where the project has kcluster installed', async () => {
    await using cli = await makeCli(undefined);
    await mkdir(join(cli.directory, 'node_modules'));
    await mkdir(join(cli.directory, 'test', 'kafka'), { recursive: true });
    await symlink(root, join(cli.directory, 'node_modules', 'kcluster'));
    for (const [file, path] of [
      ['kcluster.yaml', './node_modules/kcluster/templates/kcluster.schema.json'],
      ['test/kafka/it.yaml', '../../node_modules/kcluster/templates/kcluster.schema.json'],
    ] as const) {
      await cli.run(['init', '--file', file]);
      expect(await content(cli, file)).toContain(`# yaml-language-server: $schema=${path}\n`);
      await content(cli, join(file, '..', path));
    }
  });

  it.each(exampleNames)('has an example %s that renders for both engines', async (name) => {
    await using cli = await makeCli(undefined);
    const { stdout } = await cli.run(['init', name, '--file', '-']);
    for (const engine of ['docker', 'process']) {
      const { exitCode, stderr } = await cli.pipe(stdout, ['render', '-f', '-', '-e', engine]);
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
    }
  });

  it('tells what it wrote as JSON', async () => {
    await using cli = await makeCli(undefined);
    const written = await cli.json(['init', 'legacy', '-f', 'old.yaml']);
    expect(written.data).toEqual({ example: 'legacy', file: 'old.yaml' });
    const printed = await cli.json<{ text: string }>(['init', 'legacy', '-f', '-']);
    expect(printed.data.text).toBe(await content(cli, 'old.yaml'));
  });

  it.each([
    [['init', 'nonsense'], /Allowed choices are single, ensemble, three-brokers, legacy/],
    [
      ['init', '-f', 'nowhere/kcluster.yaml'],
      /nowhere\/kcluster\.yaml can't be written: there is no/,
    ],
    [['init', '-f', '.', '--force'], /can't be written/],
  ])('%j is refused with 2', async (args, message) => {
    await using cli = await makeCli(undefined);
    const { exitCode, stderr } = await cli.run(args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

describe('kcluster config', () => {
  it('shows each value with its origin, also where no engine answers', async () => {
    await using cli = await makeCli(undefined, noEngine);
    await put(cli, 'kcluster.yaml', 'name: orders\nkafka:\n  brokers: ${COUNT:-3}\n');
    const { stdout, stderr, exitCode } = await cli.run(['config', '--kafka-port', '19092']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/what a cluster that is there remembers is not known/);
    for (const line of [
      /^name: orders +# kcluster\.yaml:1:7$/m,
      /^ {2}brokers: 3 +# kcluster\.yaml:3:12$/m,
      /^ {2}port: 19092 +# --kafka-port$/m,
      /^ {2}servers: 1 +# default$/m,
      /^ {2}version: "3\.9" +# published images$/m,
      /^ {2}image: confluentinc\/cp-kafka:\S+ +# published images$/m,
      /^ {2}heap: 384m +# default$/m,
    ])
      expect(stdout).toMatch(line);
  });

  it('prints a file that comes to the same', async () => {
    await using cli = await makeCli('process');
    const { stdout: example } = await cli.run(['init', 'ensemble', '-f', '-']);
    const { stdout: explained } = await cli.pipe(example, ['config', '-f', '-']);
    const before = await cli.pipe(example, ['render', '-f', '-']);
    const after = await cli.pipe(explained, ['render', '-f', '-']);
    const services = (text: string) => (parse(text) as { services: object }).services;
    const withoutSpec = (text: string) =>
      JSON.stringify(services(text)).replaceAll(/"io\.kcluster\.spec":"(\\.|[^"\\])*"/g, '');
    expect(withoutSpec(after.stdout)).toBe(withoutSpec(before.stdout));
  });

  it('tells the same as JSON', async () => {
    await using cli = await makeCli('process');
    const { data } = await cli.json(['config', '--brokers', '3', '--set', 'a.b=1']);
    expect(data).toMatchObject({
      spec: { name: 'kcluster', images: 'local', kafka: { brokers: 3, settings: { 'a.b': '1' } } },
      origins: {
        name: 'default',
        images: 'the process engine',
        'kafka.brokers': '--brokers',
        'kafka.settings[a.b]': '--set a.b',
      },
    });
  });

  it('prints the schema, whatever the file says', async () => {
    await using cli = await makeCli(undefined, noEngine);
    await put(cli, 'kcluster.yaml', '{');
    const { stdout, exitCode } = await cli.run(['config', '--schema']);
    const shipped = await readFile(join(root, 'templates/kcluster.schema.json'), 'utf8');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(shipped));
    expect(exitCode).toBe(0);
  });
});

describe('a file', () => {
  it('that is wrong is refused with 3, each mistake at its place', async () => {
    await using cli = await makeCli('process');
    await put(cli, 'kcluster.yaml', 'kafka:\n  brokr: 3\n  port: ${NOPE}\n  heap: much\n');
    for (const verb of ['up', 'config', 'render']) {
      const { exitCode, stderr, stdout } = await cli.run([verb, '--zookeepers', '9']);
      expect(stderr).toMatch(/--zookeepers: the number of ZooKeepers is 1 to 7, not 9/);
      expect(stderr).toMatch(/kcluster\.yaml:2:3: kafka\.brokr: .*did you mean "brokers"/);
      expect(stderr).toMatch(/kcluster\.yaml:3:9: kafka\.port: \$NOPE is not set/);
      expect(stderr).toMatch(/kcluster\.yaml:4:9: kafka\.heap: /);
      expect(stderr).toContain('      2 |   brokr: 3\n        |   ^^^^^');
      expect(stdout).toBe('');
      expect(exitCode).toBe(3);
    }
  });

  it('that is wrong is one document under --output json', async () => {
    await using cli = await makeCli('process');
    await put(cli, 'kcluster.yaml', 'kafka: [');
    const { exitCode, data } = await cli.json(['render']);
    expect(data).toMatchObject({ error: { kind: 'invalidSpec', exitCode: 3 } });
    expect(exitCode).toBe(3);
  });

  it.each([
    [['render', '-f', 'nowhere.yaml'], 2, /nowhere\.yaml can't be read: there is no such file/],
    [['config', '-f', 'nowhere.yaml'], 2, /hint: Write one to begin with: `kcluster init`/],
    [['down', '-f', 'nowhere.yaml'], 2, /nowhere\.yaml can't be read/],
    [['render', '-f', '.'], 2, /\. can't be read: it is a directory$/m],
    [['render', '-f', '-'], 2, /stdin is empty/],
    [['render', '--set', 'a'], 2, /It is written KEY=VALUE/],
    [['render', '--set', '=a'], 2, /It is written KEY=VALUE/],
    [['render', '--set', 'a b=1'], 3, /--set a b: is not the name of a setting/],
    [['render', '--set', 'a=1\n2'], 3, /--set a: a value is one line of text, not "1\\n2"/],
    [['render', '--set', '__proto__=1'], 3, /--set __proto__: /],
    [['render', '--set', 'node.id=1'], 3, /--set node\.id: belongs to KRaft/],
    [['render', '--set', 'broker.rack=a'], 3, /--set broker\.rack: is set by kafka\.racks/],
  ])('or flags: %j is %i', async (args, code, message) => {
    await using cli = await makeCli('process');
    const { exitCode, stderr } = await cli.run(args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
  });

  it('comes from the directory, from --file or from stdin, and flags go over it', async () => {
    await using cli = await makeCli('process');
    await put(cli, 'kcluster.yml', 'name: here\nkafka: {brokers: 2}\n');
    await put(cli, 'other.yaml', 'name: other\n');
    const names = async (args: string[], text?: string) => {
      const run = text === undefined ? cli.run(args) : cli.pipe(text, args);
      return /project "(.*)"/.exec((await run).stdout)?.[1];
    };
    expect(await names(['render'])).toBe('here');
    expect(await names(['render', '-f', 'other.yaml'])).toBe('other');
    expect(await names(['render', '-f', '-'], '\uFEFFname: piped\r\n')).toBe('piped');
    expect(await names(['render', '--name', 'given'])).toBe('given');
    const { stdout } = await cli.run(['render', '--brokers', '3']);
    expect(Object.keys((parse(stdout) as { services: object }).services)).toContain('broker-3');
  });

  it('whose name is not one leads to no other cluster', async () => {
    await using cli = await makeCli('process');
    for (const text of [
      'name: 2024\n',
      'nmae: orders\n',
      'name: ${NAME}\n',
      'name: a\nname: b\n',
    ]) {
      await put(cli, 'kcluster.yaml', text);
      const { exitCode, stderr } = await cli.run(['down', '--volumes']);
      expect(stderr).toMatch(/kcluster\.yaml:\d:\d: /);
      expect(exitCode).toBe(3);
      expect((await cli.run(['down', '--name', 'nowhere'])).exitCode).toBe(0);
    }
    await put(cli, 'kcluster.yaml', 'name: nowhere\nkafka:\n  brokers: ${COUNT}\n  heap: much\n');
    const { stdout, exitCode } = await cli.run(['down']);
    expect(stdout).toBe('there is no cluster "nowhere" to take down');
    expect(exitCode).toBe(0);
  });
});

describe.skipIf(!(await canRun('process')))('a cluster from a file', () => {
  it('is remembered, and is what the file says as that changes', async () => {
    await using cli = await makeCli('process');
    const name = projectName('file');
    const file = (rest: string) => put(cli, 'kcluster.yaml', `name: ${name}\nports: auto\n${rest}`);
    await file('kafka:\n  heap: 256m\n  settings: {log.retention.ms: 60000}\n');
    const origins = async (args: string[]) =>
      (await cli.json<{ origins: Record<string, string>; spec: unknown }>(['config', ...args]))
        .data;
    try {
      const first = await cli.run(['up', '--set', 'num.io.threads=4', '--smoke']);
      expect(first.exitCode, first.stderr).toBe(0);

      const elsewhere = await origins(['--name', name, '--file', '/dev/null']);
      expect(elsewhere.origins['kafka.settings[num.io.threads]']).toBe(`cluster "${name}"`);
      expect(elsewhere.origins['kafka.heap']).toBe('default');
      await file('kafka:\n  heap: 256m\n');
      const { origins: now } = await origins([]);
      expect(now).toMatchObject({ 'kafka.heap': 'kcluster.yaml:4:9', name: 'kcluster.yaml:1:7' });
      expect(now).not.toHaveProperty(['kafka.settings[log.retention.ms]']);

      const second = await cli.run(['up', '--dry-run']);
      expect(second.stdout).toMatch(/broker-1/);
      expect((await cli.run(['up'])).exitCode).toBe(0);
      expect((await cli.run(['up'])).stdout).toContain('nothing was changed');
    } finally {
      const down = await cli.run(['down', '--volumes']);
      expect(down.exitCode, down.stderr).toBe(0);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});
