import { execa } from 'execa';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { canRun, runsLong } from '../helpers/require.js';

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

interface Pools {
  pools: { pool: string; size: number; ready: number; failure?: string }[];
}

interface Listed {
  clusters: { running: number; lease?: { pool?: string } }[];
}

const long = runsLong('a pool');
const runnable = {
  process: long && (await canRun('process')),
  docker: long && (await canRun('docker')),
};

/** How many nodes run of each cluster that waits in a pool. */
async function runningNodesIn(cli: Cli, pool: string): Promise<number[]> {
  const { stdout } = await cli.run(['list', '--output', 'json']);
  const { clusters } = JSON.parse(stdout) as Listed;
  return clusters.filter(({ lease }) => lease?.pool === pool).map(({ running }) => running);
}

describe.each(['process', 'docker'] as const)('a pool on the %s engine', (engineName) => {
  const images = engineName === 'docker' ? ['--images', 'local'] : [];

  /** Whatever becomes of the test, no cluster waits afterwards. */
  async function poolCli(): Promise<Cli & AsyncDisposable> {
    const cli = await makeCli(engineName);
    const remove = cli[Symbol.asyncDispose].bind(cli);
    return Object.assign(cli, {
      [Symbol.asyncDispose]: async () => {
        await cli.run(['pool', '--size', '0', ...images]);
        await remove();
      },
    });
  }

  async function readyIn(cli: Cli): Promise<number[]> {
    const { stdout } = await cli.run(['pool', '--output', 'json']);
    return (JSON.parse(stdout) as Pools).pools.map(({ ready }) => ready);
  }

  it.skipIf(!runnable[engineName])(
    'gives each run a cluster that nobody has used, and fills up again',
    async () => {
      await using cli = await poolCli();
      const made = await cli.run(['pool', '--size', '2', ...images, '--output', 'json']);
      expect(made.exitCode, made.stderr).toBe(0);
      expect(JSON.parse(made.stdout)).toMatchObject({ size: 2, ready: 2 });
      const { pool } = JSON.parse(made.stdout) as { pool: string };
      // The keeper lets each go on for a moment now and then.
      await expect.poll(() => runningNodesIn(cli, pool), { timeout: 30_000 }).toEqual([0, 0]);

      const names: string[] = [];
      for (let run = 0; run < 3; run += 1) {
        const command = [process.execPath, '--input-type=module', '--eval', whatIsThere];
        const result = await execa(
          process.execPath,
          [join(process.cwd(), 'dist/main.js'), 'run', ...images, '--', ...command],
          { cwd: process.cwd(), env: { ...cli.env, KCLUSTER_ENGINE: engineName }, reject: false },
        );
        expect(result.exitCode, result.stderr).toBe(0);
        const seen = JSON.parse(result.stdout) as { name: string };
        expect(seen).toMatchObject({ topics: [], groups: [], offset: '0' });
        names.push(seen.name);
        await expect.poll(() => readyIn(cli), { timeout: 90_000 }).toEqual([2]);
      }
      expect(new Set(names).size).toBe(3);
      expect(names.every((name) => name.startsWith('pool-'))).toBe(true);

      const other = await cli.run([
        'run',
        '--brokers',
        '2',
        ...images,
        '--',
        'printenv',
        'KCLUSTER_NAME',
      ]);
      expect(other.stdout, other.stderr).toMatch(/^run-/);

      expect((await cli.run(['pool', '--size', '0', ...images])).exitCode).toBe(0);
      expect(await readyIn(cli)).toEqual([]);
      await expect.poll(() => leftovers(cli, 'pool'), { timeout: 30_000 }).toEqual([]);
    },
  );
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
