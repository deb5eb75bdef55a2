import { execa } from 'execa';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { leftovers, main, makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, upFlags } from '../helpers/engines.js';

/** Where programs find kafkajs. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const library = new URL('../../dist/library/index.js', import.meta.url).href;

/** What a user of a cluster could find of an earlier one. */
const whatIsThere = `
  import { Kafka } from 'kafkajs';
  const brokers = process.env.KAFKA_BOOTSTRAP_SERVERS.split(',');
  const admin = new Kafka({ brokers, logLevel: 0 }).admin();
  await admin.connect();
  const [topics, { groups }] = [await admin.listTopics(), await admin.listGroups()];
  await admin.createTopics({ topics: [{ topic: 'mine', numPartitions: 1 }], waitForLeaders: true });
  const [{ offset }] = await admin.fetchTopicOffsets('mine');
  console.log(JSON.stringify({ name: process.env.KCLUSTER_NAME, topics, groups, offset }));
  await admin.disconnect();
`;

interface Seen {
  stderr: string;
  name: string;
  topics: string[];
  groups: string[];
  offset: string;
}

interface Pools {
  pools: { pool: string; size: number; ready: number; failure?: string }[];
}

interface Listed {
  clusters: { running: number; lease?: { pool?: string } }[];
}

/** How many nodes run of each cluster that waits in a pool. */
async function runningNodesIn(cli: Cli, pool: string): Promise<number[]> {
  const { stdout } = await cli.run(['list', '--output', 'json']);
  const { clusters } = JSON.parse(stdout) as Listed;
  return clusters.filter(({ lease }) => lease?.pool === pool).map(({ running }) => running);
}

async function readyIn(cli: Cli): Promise<number[]> {
  const { stdout } = await cli.run(['pool', '--output', 'json']);
  return (JSON.parse(stdout) as Pools).pools.map(({ ready }) => ready);
}

/** But for a reaper: it stays as long as anybody has a lease on the same daemon. */
async function leftOf(cli: Cli): Promise<string[]> {
  return (await leftovers(cli, 'pool')).filter((each) => !each.includes('reaper'));
}

await describeEngines('a pool', (engine) => {
  const flags = upFlags[engine];

  /** Whatever becomes of the test, no cluster waits afterwards. */
  async function poolCli(): Promise<Cli & AsyncDisposable> {
    const cli = await makeCli(engine);
    const remove = cli[Symbol.asyncDispose].bind(cli);
    return Object.assign(cli, {
      [Symbol.asyncDispose]: async () => {
        await cli.run(['pool', '--size', '0', ...flags]);
        await remove();
      },
    });
  }

  /** What a program sees that finds a cluster by its environment; its first command must not fail. */
  async function seenIn(cli: Cli, ...command: readonly string[]): Promise<Seen> {
    const { exitCode, stdout, stderr } = await execa(process.execPath, command, {
      cwd: root,
      env: cli.env,
      extendEnv: false,
      reject: false,
    });
    expect(exitCode, stderr).toBe(0);
    return { ...(JSON.parse(stdout) as Omit<Seen, 'stderr'>), stderr };
  }

  it('gives a run and a program clusters that nobody has used, and fills up again', async () => {
    await using cli = await poolCli();
    const made = await cli.run(['pool', '--size', '1', ...flags, '--output', 'json']);
    expect(made.exitCode, made.stderr).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ size: 1, ready: 1 });
    const { pool } = JSON.parse(made.stdout) as { pool: string };
    // The keeper lets it go on for a moment now and then.
    await expect.poll(() => runningNodesIn(cli, pool), { timeout: 30_000 }).toEqual([0]);

    const look = [process.execPath, '--input-type=module', '--eval', whatIsThere];
    const run = [main, 'run', ...flags, '--bundle', cli.directory, '--', ...look];
    const first = await seenIn(cli, ...run);
    await expect.poll(() => readyIn(cli), { timeout: 90_000 }).toEqual([1]);
    const images = engine === 'docker' ? `images: 'local',` : '';
    const program = `import { createCluster } from '${library}';
      const onEvent = (event) => event.type === 'warning' && console.error(event.message);
      const cluster = await createCluster({ ${images} onEvent });
      Object.assign(process.env, cluster.environment);
      ${whatIsThere}
      await cluster.remove();`;
    const second = await seenIn(cli, '--input-type=module', '--eval', program);

    for (const { name, stderr, ...seen } of [first, second]) {
      expect(name, stderr).toMatch(/^pool-/);
      expect(seen).toEqual({ topics: [], groups: [], offset: '0' });
    }
    expect(second.name).not.toBe(first.name);

    expect((await cli.run(['pool', '--size', '0', ...flags])).exitCode).toBe(0);
    expect(await readyIn(cli)).toEqual([]);
    await expect.poll(() => leftOf(cli), { timeout: 30_000 }).toEqual([]);
  });
});

it('refuses what can not wait in a pool, and says why', async () => {
  await using cli = await makeCli('process');
  const fixed = await cli.run(['pool', '--size', '1', '--ports', 'fixed']);
  expect(fixed.exitCode).toBe(2);
  expect(fixed.stderr).toContain('ports are fixed');
  expect((await cli.run(['pool', '--size', 'many'])).exitCode).toBe(2);
  expect((await cli.run(['pool', '--size', '1', '--brokers', '0'])).exitCode).toBe(3);
  expect((await cli.run(['pool'])).stdout).toContain('there is no pool');
});
