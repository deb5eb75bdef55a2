import { tmpdir } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { describeComposeTools, runCompose } from '../helpers/compose.js';
import { projectName, upFlags } from '../helpers/engines.js';
import { freeRow } from '../helpers/ports.js';
import { recordsOf, writeRecords } from '../helpers/records.js';
import { canRun } from '../helpers/require.js';

interface Cluster {
  bootstrapServers: string;
  changed: boolean;
}

describeComposeTools('a Compose tool and kcluster', await canRun('docker'), (tool) => {
  /** Runs the tool on the project, with its file where the tool needs one or `file` says so. */
  async function compose(
    { directory }: Cli,
    name: string,
    args: readonly string[],
    file = !tool.readsLabels,
  ): Promise<string> {
    const project = ['-p', name, ...(file ? ['-f', join(directory, 'compose.yaml')] : [])];
    return await runCompose(tool, file ? directory : tmpdir(), [...project, ...args]);
  }

  /** Writes compose.yaml for the cluster of these flags, which name every port. */
  async function render(cli: Cli, flags: readonly string[]): Promise<void> {
    const { exitCode, stdout } = await cli.run(['render', ...flags]);
    expect(exitCode).toBe(0);
    await writeFile(join(cli.directory, 'compose.yaml'), stdout);
  }

  async function up(cli: Cli, flags: readonly string[]): Promise<Cluster> {
    const { exitCode, data, stderr } = await cli.json<Cluster>(['up', ...flags]);
    expect(exitCode, stderr).toBe(0);
    return data;
  }

  async function kcluster(cli: Cli, ...args: string[]): Promise<void> {
    const { exitCode, stdout, stderr } = await cli.run(args);
    expect(exitCode, stdout + stderr).toBe(0);
  }

  async function problems(cli: Cli, name: string): Promise<string[]> {
    const { data } = await cli.json<{ problems: string[] }>(['status', '--name', name]);
    return data.problems;
  }

  async function shapeOf(name: string, brokers: number): Promise<string[]> {
    const row = await freeRow(brokers + 1);
    const ports = ['--kafka-port', `${row}`, '--zookeeper-port', `${row + brokers}`];
    return ['--name', name, '--brokers', `${brokers}`, ...ports, ...upFlags.docker];
  }

  /** Whatever becomes of the body, nothing of the project stays. */
  async function leavingNothing(cli: Cli, name: string, body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } finally {
      await cli.run(['down', '--volumes', '--name', name]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  }

  it('run one file: kcluster takes over what the tool has started', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('adopt');
    const flags = await shapeOf(name, 2);
    await render(cli, flags);
    await leavingNothing(cli, name, async () => {
      await compose(cli, name, ['up', '-d'], true);
      // The cluster that is there is the one that is asked for: nothing is changed, only waited for.
      const { changed, bootstrapServers } = await up(cli, ['--name', name]);
      expect(changed).toBe(false);
      expect(await problems(cli, name)).toEqual([]);
      await kcluster(cli, 'smoke', '--name', name);
      await writeRecords(bootstrapServers, 'orders', ['kept']);
      const logs = await cli.run(['logs', 'broker-2', '--name', name]);
      expect(logs.stdout).toMatch(/^broker-2 \| .*started \(kafka\.server\.KafkaServer\)$/m);
      const listed = await cli.json<{ clusters: unknown[] }>(['list']);
      expect(listed.data.clusters).toContainEqual(
        expect.objectContaining({ cluster: name, running: 3, nodes: 3, bootstrapServers }),
      );

      await kcluster(cli, 'stop', '--name', name);
      expect(await problems(cli, name)).toContain('broker-2 is exited');
      await kcluster(cli, 'start', '--name', name);
      await kcluster(cli, 'restart', '--name', name);
      expect(await problems(cli, name)).toEqual([]);

      await kcluster(cli, 'down', '--name', name);
      expect(await leftovers(cli, name)).toHaveLength(4);
      await compose(cli, name, ['up', '-d'], true);
      expect((await up(cli, flags)).changed).toBe(false);
      expect(await recordsOf(bootstrapServers, 'orders')).toEqual(['kept']);
      // What `run` has left behind is part of the project too.
      await compose(cli, name, ['run', '--no-deps', '-T', 'broker-1', 'true'], true);
      await kcluster(cli, 'down', '--volumes', '--name', name);
      expect(await leftovers(cli, name)).toEqual([]);
    });
  });

  it('see the same nodes: the tool lists, reads and takes down what kcluster has started', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('handed');
    const flags = await shapeOf(name, 2);
    await render(cli, flags);
    await leavingNothing(cli, name, async () => {
      const { bootstrapServers } = await up(cli, flags);
      await writeRecords(bootstrapServers, 'orders', ['kept']);
      if (tool.readsLabels)
        expect(await runCompose(tool, tmpdir(), ['ls'])).toMatch(
          new RegExp(`^${name} +running\\(3\\) `, 'm'),
        );
      const table = await compose(cli, name, ['ps']);
      for (const service of ['zookeeper-1', 'broker-1', 'broker-2'])
        expect(table).toMatch(new RegExp(`^${name}-${service}-1 .* Up `, 'm'));
      expect(await compose(cli, name, ['logs', 'broker-2'])).toContain('KafkaServer');
      const print = ['sh', '-c', 'echo "id: $KAFKA_BROKER_ID"'];
      expect(await compose(cli, name, ['exec', '-T', 'broker-2', ...print])).toContain('id: 2');

      await compose(cli, name, ['down']);
      expect(await leftovers(cli, name)).toHaveLength(4);
      expect((await up(cli, flags)).changed).toBe(true);
      expect(await recordsOf(bootstrapServers, 'orders')).toEqual(['kept']);
      await compose(cli, name, ['down', '-v']);
      expect(await leftovers(cli, name)).toEqual([]);
      expect((await cli.run(['down', '--name', name])).stdout).toContain('there is no cluster');
    });
  });

  it('mend what the other does to a node', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('mend');
    const flags = await shapeOf(name, 1);
    await render(cli, flags);
    await leavingNothing(cli, name, async () => {
      await up(cli, flags);
      const changes = async (): Promise<boolean> => (await up(cli, ['--name', name])).changed;

      await compose(cli, name, ['stop', 'broker-1']);
      expect(await problems(cli, name)).toContain('broker-1 is exited');
      await compose(cli, name, ['start', 'broker-1']);
      expect(await changes()).toBe(false);

      await compose(cli, name, ['pause', 'broker-1']);
      expect(await problems(cli, name)).toContain('broker-1 is paused');
      expect(await changes()).toBe(true);

      // All at once: ZooKeeper keeps the registration of a broker that is gone.
      await compose(cli, name, ['kill']);
      expect(await problems(cli, name)).toContain('zookeeper-1 is exited');
      expect(await changes()).toBe(true);

      await compose(cli, name, ['restart', 'broker-1']);
      expect(await changes()).toBe(false);
      expect(await problems(cli, name)).toEqual([]);

      await kcluster(cli, 'stop', '--name', name);
      await compose(cli, name, ['start']);
      expect(await changes()).toBe(false);
      expect(await problems(cli, name)).toEqual([]);
    });
  });

  it('can do each the `up` of the other', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('both');
    const flags = await shapeOf(name, 1);
    await render(cli, flags);
    await leavingNothing(cli, name, async () => {
      const { bootstrapServers } = await up(cli, flags);
      await writeRecords(bootstrapServers, 'orders', ['kept']);
      const before = await containersOf(cli, name);
      // docker-compose 1 makes every container anew whose hash it did not write itself, and ZooKeeper under its brokers.
      if (!tool.readsLabels) await kcluster(cli, 'stop', '--name', name);
      await compose(cli, name, ['up', '-d'], true);
      const kept = (await containersOf(cli, name)).filter((id) => before.includes(id));
      expect(kept).toHaveLength(tool.readsLabels ? 2 : 0);
      expect((await up(cli, flags)).changed).toBe(false);
      expect(await problems(cli, name)).toEqual([]);
      expect(await recordsOf(bootstrapServers, 'orders')).toEqual(['kept']);
      // A broker more, beside what the tool has made.
      const more = ['--name', name, '--brokers', '2', '--ports', 'auto'];
      expect((await up(cli, more)).changed).toBe(true);
      expect(await problems(cli, name)).toEqual([]);
      // One of them alone gets a listener from the tool; the other does in its turn, while the cluster serves.
      await render(cli, [...flags, '--advertise', 'kafka.example', '--bind', '127.0.0.1']);
      await compose(cli, name, ['up', '-d', '--no-deps', 'broker-1'], true);
      await kcluster(cli, 'scale', '--brokers', '2', '--name', name, '--timeout', '60');
      expect(await problems(cli, name)).toEqual([]);
    });
  });

  async function containersOf(cli: Cli, name: string): Promise<string[]> {
    return (await compose(cli, name, ['ps', '-q'])).split('\n').sort();
  }

  it('leave alone what is not theirs', async () => {
    await using cli = await makeCli('docker');
    const name = projectName('foreign');
    const file =
      'services:\n  db:\n    image: kcluster/zookeeper:3.8.4\n    command: sleep 600\n    volumes: ["records:/records"]\nvolumes:\n  records: {}\n';
    await writeFile(join(cli.directory, 'compose.yaml'), file);
    await compose(cli, name, ['up', '-d'], true);
    try {
      for (const verb of ['up', 'down', 'status', 'stop', 'start']) {
        const { exitCode, stderr } = await cli.run([verb, '--name', name]);
        expect(stderr).toContain(`"${name}" is a Compose project that kcluster did not make`);
        expect(stderr).not.toContain('--volumes');
        expect(exitCode).toBe(5);
      }
      expect(await compose(cli, name, ['ps'])).toContain('Up');
    } finally {
      await compose(cli, name, ['down', '-v', '-t', '1'], true);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});
