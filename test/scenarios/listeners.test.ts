import { execa } from 'execa';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SmokeReport } from '../../src/smoke/smoke.js';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { projectName, upFlags } from '../helpers/engines.js';
import { canPlugIn, otherMachine, type OtherMachine } from '../helpers/machine.js';
import { canRun } from '../helpers/require.js';
import { hasTool } from '../helpers/tools.js';

interface Up {
  changed: boolean;
  places: { from: string; bootstrapServers: string; zookeeperConnect?: string }[];
  smoke: SmokeReport;
}

const kafkaImage = 'kcluster/kafka:3.9.2';
const docker = (await canRun('docker')) && hasTool('docker-compose') && hasTool('kcat');
const processes = await canRun('process');
const machines = (await canPlugIn()) && hasTool('kcat');
/** Where Docker has the host, for containers on its default bridge. */
const gateway = docker ? await hostGateway() : '';

afterAll(async () => {
  const words = [
    ...(docker ? [['docker', 'network', 'ls', '--format', '{{.Name}}']] : []),
    ...(machines ? [['ip', 'netns', 'list']] : []),
  ];
  for (const [program, ...rest] of words) {
    const { stdout } = await execa(program!, rest);
    expect(stdout).not.toContain(`-${process.pid.toString(36)}`);
  }
});

describe.skipIf(!docker || !machines)('a cluster with every listener (docker)', () => {
  it('is reached from everywhere, and by nothing that is not its own', async () => {
    await using cli = await makeCli('docker');
    await using machine = await otherMachine('kafka.test');
    await using apps = await foreignProject(cli, 'aapps');
    const name = projectName('every');
    try {
      const up = await cli.json<Up>([
        ...['up', '--name', name, '--ports', 'auto', '--smoke', ...upFlags.docker],
        ...['--zookeepers', '3', '--brokers', '2', '--network', apps.network],
        ...['--docker-host', gateway, '--advertise', 'kafka.test', '--bind', '0.0.0.0'],
      ]);
      expect(up.exitCode, up.stderr).toBe(0);
      expect(listenersOf(up.data.smoke)).toEqual([
        'HOST: "hello, world" produced and consumed 2 times',
        'INTERNAL: "hello, world" produced and consumed 2 times',
        `JOINED: "hello, world" produced and consumed 2 times (from a node on ${apps.network})`,
        'DOCKERHOST: "hello, world" produced and consumed 2 times (from a node by host.docker.internal)',
        'EXTERNAL: "hello, world" produced and consumed 2 times (by 127.0.0.1, since kafka.test does not resolve here)',
      ]);
      await expectClients(cli, name, up.data, apps, machine);

      // The other project goes and comes back, with a network that has the same name and another id.
      expect((await cli.run(['stop', '--name', name])).exitCode).toBe(0);
      await apps.down();
      const alone = await cli.run(['start', '--name', name]);
      expect(alone.stderr).toContain(`there is no Docker network "${apps.network}" to join`);
      expect(alone.exitCode).toBe(3);
      await apps.up();
      expect((await cli.run(['start', '--name', name])).exitCode).toBe(0);
      expect((await cli.run(['smoke', '--name', name])).exitCode).toBe(0);

      expect((await cli.run(['stop', '--name', name])).exitCode).toBe(0);
      await apps.down();
      expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
    } finally {
      await cli.run(['down', '--volumes', '--name', name]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  }, 300_000);
});

/** Clients of each place, with the settings that `connect` prints for it. */
async function expectClients(
  cli: Cli,
  name: string,
  { places }: Up,
  apps: ForeignProject,
  machine: OtherMachine,
): Promise<void> {
  const connect = async (...words: string[]): Promise<string> => {
    const { stdout, exitCode } = await cli.run(['connect', '--name', name, ...words]);
    expect(exitCode).toBe(0);
    return stdout;
  };
  const placeOf = (from: string) => places.find((place) => place.from === from)!;

  const joined = placeOf('joined');
  await apps.write('client.properties', await connect('java', '--from', 'joined'));
  await apps.run(producing(joined.bootstrapServers, 'from-joined', '/tmp/client.properties'));
  expect(await apps.run(askEach(joined.zookeeperConnect!))).toContain('Mode: leader');

  const { bootstrapServers } = placeOf('docker-host');
  const addHost = ['--add-host', 'host.docker.internal:host-gateway'];
  const script = producing(bootstrapServers, 'from-docker-host');
  await execa('docker', [
    ...['run', '--rm', ...addHost, '--entrypoint', 'bash', kafkaImage, '-euc', script],
  ]);

  const fromMachine = await machine.run(await connect('kcat', '--from', 'machine'));
  expect(fromMachine).toContain(`${placeOf('machine').bootstrapServers.split(',')[0]}`);
  expect(fromMachine).toContain('hello, world');

  const host = placeOf('host').bootstrapServers;
  for (const topic of ['from-joined', 'from-docker-host']) {
    const { stdout } = await execa('kcat', ['-b', host, '-t', topic, '-C', '-e', '-q']);
    expect(stdout).toBe('hello, world');
  }
}

describe.skipIf(!docker)('a rendered file with joined networks', () => {
  it('is run by docker-compose, and taken over', async () => {
    await using cli = await makeCli('docker');
    await using apps = await foreignProject(cli, 'apps');
    const name = projectName('joined');
    const flags = ['--name', name, '--network', apps.network, '--docker-host', gateway];
    const rendered = await cli.run(['render', ...flags, '--ports', 'auto', ...upFlags.docker]);
    await writeFile(join(cli.directory, 'compose.yaml'), rendered.stdout);
    const compose = async (...words: string[]): Promise<void> => {
      await execa('docker-compose', ['-p', name, '-f', 'compose.yaml', ...words], {
        cwd: cli.directory,
      });
    };
    try {
      await compose('up', '-d');
      const up = await cli.json<Up>(['up', '--name', name, '--smoke']);
      expect(up.exitCode, up.stderr).toBe(0);
      expect(up.data.changed).toBe(false);
      expect(listenersOf(up.data.smoke)).toHaveLength(4);
    } finally {
      await compose('down', '-v');
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

describe.skipIf(!docker)('a network that is not there', () => {
  it('is found out before anything is made', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('nonet');
    const up = await cli.run([
      ...['up', '--name', name, '--ports', 'auto', '--network', 'no-such-network'],
    ]);
    expect(up.stderr).toContain('there is no Docker network "no-such-network" to join');
    expect(up.stderr).toContain('`docker network ls`');
    expect(up.stderr).not.toContain('created');
    expect(up.exitCode).toBe(3);
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

describe.skipIf(!processes || !machines)('local processes with listeners for others', () => {
  it('are reached by another machine at the address that is bound, and at no other', async () => {
    await using cli = await makeCli('process');
    await using machine = await otherMachine('kafka.test');
    const name = projectName('extern');
    const external = ['--advertise', machine.address, '--bind', machine.address];
    const dockerHost = docker ? ['--docker-host', gateway] : [];
    try {
      const up = await cli.json<Up>([
        ...['up', '--name', name, '--ports', 'auto', '--smoke', ...external, ...dockerHost],
      ]);
      expect(up.exitCode, up.stderr).toBe(0);
      expect(listenersOf(up.data.smoke)).toContain(
        `EXTERNAL: "hello, world" produced and consumed 1 time (by ${machine.address})`,
      );
      const kcat = await cli.run(['connect', 'kcat', '--name', name, '--from', 'machine']);
      expect(await machine.run(kcat.stdout)).toContain('hello, world');
      // What is meant for this machine alone is out of its reach.
      const port = up.data.places[0]!.bootstrapServers.split(':')[1]!;
      const knock = machine.run(`exec 3<>/dev/tcp/${machine.address}/${port}`);
      await expect(knock).rejects.toThrow('Connection refused');
      if (docker) await expectContainer(up.data);
    } finally {
      await cli.run(['down', '--volumes', '--name', name]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

/** One on Docker's default bridge. */
async function expectContainer({ places }: Up): Promise<void> {
  const { bootstrapServers } = places.find(({ from }) => from === 'docker-host')!;
  const script = producing(bootstrapServers, 'from-container');
  await execa('docker', [
    ...['run', '--rm', '--add-host', 'host.docker.internal:host-gateway'],
    ...['--entrypoint', 'bash', kafkaImage, '-euc', script],
  ]);
  const host = places[0]!.bootstrapServers;
  const { stdout } = await execa('kcat', ['-b', host, '-t', 'from-container', '-C', '-e', '-q']);
  expect(stdout).toBe('hello, world');
}

describe.skipIf(!processes)('an address that this machine does not have', () => {
  it.each([['--docker-host'], ['--advertise', 'kafka.test', '--bind']])(
    'for %j is refused before anything is made',
    async (...flags) => {
      await using cli = await makeCli('process');
      const name = projectName('noaddr');
      // RFC 5737 keeps it for documentation.
      const up = await cli.run(['up', '--name', name, '--ports', 'auto', ...flags, '192.0.2.199']);
      expect(up.stderr).toContain('this machine does not have 192.0.2.199');
      expect(up.exitCode).toBe(3);
      expect(await leftovers(cli, name)).toEqual([]);
    },
  );
});

/** A project of somebody else, whose services have the names that kcluster's have. */
interface ForeignProject extends AsyncDisposable {
  network: string;
  up(): Promise<void>;
  down(): Promise<void>;
  /** Writes a file in its container's /tmp. */
  write(file: string, text: string): Promise<void>;
  /** Runs a shell script in its container. */
  run(script: string): Promise<string>;
}

async function foreignProject(cli: Cli, hint: string): Promise<ForeignProject> {
  // Before `kct-...` in the order of names, in which Docker asks networks.
  const name = `${hint}-${projectName('x')}`;
  const file = join(cli.directory, `${hint}.yaml`);
  const service = `{image: '${kafkaImage}', entrypoint: ['sleep', '600']}`;
  await writeFile(file, `services:\n  zookeeper-1: ${service}\n  broker-1: ${service}\n`);
  const compose = async (...words: string[]): Promise<void> => {
    await execa('docker-compose', ['-p', name, '-f', file, ...words]);
  };
  const exec = async (script: string, input = ''): Promise<string> => {
    const container = ['-i', `${name}_broker-1_1`];
    const { stdout } = await execa('docker', ['exec', ...container, 'bash', '-euc', script], {
      input,
    });
    return stdout;
  };
  const down = async (): Promise<void> => await compose('down', '-t', '0');
  const project = {
    network: `${name}_default`,
    up: async () => await compose('up', '-d'),
    down,
    write: async (target: string, text: string) => {
      await exec(`cat > /tmp/${target}`, text);
    },
    run: async (script: string) => await exec(script),
    [Symbol.asyncDispose]: async () => {
      await down();
      await rm(file);
    },
  };
  await project.up();
  return project;
}

/** A script that produces a record with Kafka's own console producer. */
function producing(bootstrapServers: string, topic: string, properties?: string): string {
  const config = properties === undefined ? '' : `--producer.config ${properties}`;
  const arguments_ = `--bootstrap-server ${bootstrapServers} --topic ${topic} ${config}`;
  return `echo 'hello, world' | java -cp "$(cat /opt/kcluster/classpath)" kafka.tools.ConsoleProducer ${arguments_}`;
}

/** A script that asks each ZooKeeper of a connect string what it is. */
function askEach(connect: string): string {
  return connect
    .split(',')
    .map((address) => `/dev/tcp/${address.replace(':', '/')}`)
    .map((path) => `exec 3<>${path}; printf srvr >&3; cat <&3; exec 3>&-`)
    .join('\n');
}

function listenersOf({ checks }: SmokeReport): string[] {
  return checks.flatMap(({ name, seen }) => {
    const listener = /^records through the (\S+) listener$/.exec(name)?.[1];
    return listener === undefined ? [] : [`${listener}: ${seen}`];
  });
}

/** What Docker itself takes for the host's address. */
async function hostGateway(): Promise<string> {
  const entry = ['--add-host', 'host.docker.internal:host-gateway'];
  const ask = ['--entrypoint', 'getent', kafkaImage, 'hosts', 'host.docker.internal'];
  const { stdout } = await execa('docker', ['run', '--rm', ...entry, ...ask]);
  return stdout.split(/\s+/)[0]!;
}
