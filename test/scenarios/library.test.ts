import { execa } from 'execa';
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type * as Library from '../../src/library/index.js';
import type * as Runner from '../../src/library/mocha.js';
import { withAdmin } from '../../src/clients/access.js';
import { kafkaClient } from '../../src/clients/kafka.js';
import { parseAddress } from '../../src/topology/address.js';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, projectName } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';

// As it is built: what runs in the background is started by the path of a script.
const library = new URL('../../dist/library/index.js', import.meta.url).href;
const { createCluster } = (await import(library)) as typeof Library;
const runner = (await import(new URL('mocha.js', library).href)) as typeof Runner;

/** Starts a program that uses the library; `body` follows the import. */
function program(cli: Cli, body: string) {
  const path = join(cli.directory, 'program.mjs');
  writeFileSync(path, `import { createCluster } from '${library}';\n${body}`);
  return execa(process.execPath, [path], {
    cwd: cli.directory,
    env: cli.env,
    extendEnv: false,
    reject: false,
    timeout: 120_000,
  });
}

/** Once the reaper has seen that there is nothing to watch, nothing at all is left. */
async function nothingLeft(cli: Cli, name: string): Promise<void> {
  await expect.poll(() => leftovers(cli, name), { timeout: 60_000, interval: 250 }).toEqual([]);
}

await describeEngines(
  'a program that makes a cluster',
  (engine) => {
    const images = engine === 'docker' ? 'local' : undefined;
    const wishes = (name: string): string => JSON.stringify({ name, images });

    it('has it until the end of its block, says nothing, and ends by itself', async () => {
      await using cli = await makeCli(engine);
      const name = projectName('lib');
      const { exitCode, stdout, stderr } = await program(
        cli,
        `const cluster = await createCluster({ ...${wishes(name)}, brokers: 2, smoke: true });
      const { bootstrapServers, zookeeperConnect, brokers, zookeepers, environment } = cluster;
      const { healthy } = await cluster.status();
      await cluster.stop('broker-2');
      const { problems } = await cluster.status();
      await cluster.start('broker-2');
      await cluster.restart('zookeeper-1');
      const { ok } = await cluster.smoke();
      const lines = [];
      for await (const line of cluster.logs('broker-1', { tail: 2 })) lines.push(line);
      const path = await cluster.bundle('artifacts');
      await cluster[Symbol.asyncDispose]();
      await cluster.remove();
      const late = await cluster.status().catch(({ kind, message }) => ({ kind, message }));
      console.log(JSON.stringify({ name: cluster.name, engine: cluster.engine, bootstrapServers,
        zookeeperConnect, brokers, zookeepers, environment, healthy, problems, ok, lines, path, late }));`,
      );
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const told = JSON.parse(stdout) as Record<string, unknown> & {
        brokers: { address: string }[];
      };
      expect(told).toMatchObject({
        name,
        engine,
        bootstrapServers: told.brokers.map(({ address }) => address).join(','),
        zookeepers: [{ service: 'zookeeper-1', id: 1, address: told['zookeeperConnect'] }],
        environment: {
          KCLUSTER_NAME: name,
          KAFKA_BOOTSTRAP_SERVERS: told['bootstrapServers'],
          ZOOKEEPER_CONNECT: told['zookeeperConnect'],
        },
        healthy: true,
        problems: expect.arrayContaining(['broker-2 is exited']) as unknown,
        ok: true,
        lines: [expect.any(String), expect.any(String)],
        path: expect.stringMatching(/^\/.*artifacts\/kcluster-.*\.tar\.gz$/) as unknown,
        late: { kind: 'usage', message: `cluster "${name}" is removed already` },
      });
      expect(told.brokers.map((each) => Object.keys(each))).toHaveLength(2);
      await nothingLeft(cli, name);
    });

    it('has nothing left when it aborts the making', async () => {
      await using cli = await makeCli(engine);
      const name = projectName('lib');
      const abort = new AbortController();
      const made = createCluster({
        name,
        ...(images && { images }),
        env: cli.env,
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === 'step-done' && event.step.kind === 'await-zookeepers') abort.abort();
        },
      });
      await expect(made).rejects.toMatchObject({ name: 'KclusterError', kind: 'interrupted' });
      // The reaper stays until the program that has started it, here the tests' own, has ended.
      const left = (await leftovers(cli, name)).filter((each) => !each.includes('reaper'));
      expect(left).toEqual([]);
    });

    it('that is killed leaves nothing', async () => {
      await using cli = await makeCli(engine);
      const name = projectName('lib');
      const running = program(
        cli,
        `await createCluster(${wishes(name)});
      console.log('made');
      setInterval(() => undefined, 1000);`,
      );
      await new Promise((resolve) => running.stdout.once('data', resolve));
      expect(await leftovers(cli, name)).not.toEqual([]);
      running.kill('SIGKILL');
      await running;
      await nothingLeft(cli, name);
    });
  },
  { long: ['docker'] },
);

describe.skipIf(!(await canRun('process')))('clusters of programs', () => {
  it('go side by side in one program, and do not keep it running', async () => {
    await using cli = await makeCli('process');
    const { exitCode, stdout, stderr } = await program(
      cli,
      `const made = await Promise.all([createCluster(), createCluster()]);
      console.log(JSON.stringify(made.map(({ name, bootstrapServers }) => [name, bootstrapServers])));`,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(new Set((JSON.parse(stdout) as string[][]).flat()).size).toBe(4);
    await nothingLeft(cli, 'none');
  });

  it('are what a file says, but for what is said beside it', async () => {
    await using cli = await makeCli('process');
    const file = join(cli.directory, 'orders.yaml');
    await writeFile(
      file,
      'name: orders\nkafka: { brokers: 3 }\ntopics: { placed: { partitions: 4 } }\n',
    );
    await using cluster = await createCluster({ file, brokers: 1, env: cli.env });
    expect(cluster.name).toMatch(/^orders-[0-9a-f]{8}$/);
    expect(cluster.brokers).toHaveLength(1);
    const topics = await withAdmin(accessTo(cluster), async (admin) => await admin.listTopics());
    expect(topics).toContain('placed');
  });

  it('of a name that is taken are refused', async () => {
    await using cli = await makeCli('process');
    const name = projectName('lib');
    await using first = await createCluster({ name, env: cli.env });
    await expect(createCluster({ name, env: cli.env })).rejects.toMatchObject({ kind: 'conflict' });
    expect((await first.status()).healthy).toBe(true);
  });

  it('stay when they are kept', async () => {
    await using cli = await makeCli('process');
    const name = projectName('lib');
    const { exitCode, stdout } = await program(
      cli,
      `const cluster = await createCluster({ name: '${name}' });
      await cluster.keep();
      await cluster.remove();
      console.log(await cluster.smoke().catch(({ message }) => message));`,
    );
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `cluster "${name}" is kept already`,
    });
    expect((await cli.run(['status', '--name', name])).exitCode).toBe(0);
    expect((await cli.json(['list'])).data).not.toHaveProperty('clusters.0.lease');
    expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
    await nothingLeft(cli, name);
  });

  it('are shared by names that are isolated, and cleaned of them alone', async () => {
    await using cli = await makeCli('process');
    await using cluster = await createCluster({ env: cli.env });
    const [one, other] = [runner.isolated(cluster), runner.isolated(cluster)];
    expect(one.topic('orders')).toBe(`${one.prefix}orders`);
    expect(one.topic('orders')).not.toBe(other.topic('orders'));
    const access = accessTo(cluster);
    await withAdmin(access, async (admin) => {
      const topics = [one, other].map((each) => ({ topic: each.topic('orders') }));
      await admin.createTopics({ topics, waitForLeaders: true });
      const consumer = kafkaClient(access.bootstrap, access.dial, {
        requestTimeoutMs: 10_000,
        retries: 8,
      }).consumer({ groupId: one.group('g') });
      await consumer.connect();
      await consumer.subscribe({ topic: one.topic('orders') });
      const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
      await consumer.run({ eachMessage: () => Promise.resolve() });
      await joined;
      await expect(one.clean()).rejects.toMatchObject({
        kind: 'conflict',
        message: expect.stringContaining(one.group('g')) as unknown,
      });
      expect(await admin.listTopics()).toContain(one.topic('orders'));
      await consumer.disconnect();
      await one.clean();
      const left = (await admin.listTopics()).filter((name) => name.endsWith('orders'));
      expect(left).toEqual([other.topic('orders')]);
      expect((await admin.listGroups()).groups).toEqual([]);
    });
    await other.clean();
    await other.clean();
  });
});

function accessTo({ bootstrapServers }: { bootstrapServers: string }) {
  const bootstrap = bootstrapServers.split(',').map(parseAddress);
  return { bootstrap, dial: (to: { host: string; port: number }) => connect(to) };
}
