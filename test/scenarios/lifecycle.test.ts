import { describe, expect, it } from 'vitest';
import { leftovers, makeCli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { recordsOf, writeRecords } from '../helpers/records.js';
import { canRun } from '../helpers/require.js';

interface Cluster {
  bootstrapServers: string;
  zookeeperConnect: string;
  changed: boolean;
}

interface Smoke {
  ok: boolean;
  checks: { name: string; ok: boolean; expected: string; seen: string }[];
}

interface Status {
  healthy: boolean;
  controller?: number;
  problems: string[];
  nodes: {
    service: string;
    handle: string;
    state: string;
    mode?: string;
    registered?: boolean;
    lists?: number[];
  }[];
}

await describeEngines('a cluster from up to down', (engine) => {
  it('starts, works, keeps its records, and leaves nothing', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('life');
    const flags = ['--name', name];

    const up = await cli.run(['up', ...flags, '--ports', 'auto', '--smoke', ...upFlags[engine]]);
    expect(up.stderr + up.stdout).toContain('smoke: all 9 checks passed');
    expect(up.exitCode).toBe(0);

    const again = await cli.json<Cluster>(['up', ...flags]);
    expect(again.exitCode).toBe(0);
    expect(again.data.changed).toBe(false);
    const { bootstrapServers } = again.data;

    const healthy = await cli.json<Status>(['status', ...flags]);
    expect(healthy.exitCode).toBe(0);
    expect(healthy.data).toMatchObject({ healthy: true, controller: 1, problems: [] });
    expect(healthy.data.nodes).toMatchObject([
      { service: 'zookeeper-1', state: 'running', mode: 'standalone' },
      { service: 'broker-1', state: 'running', registered: true, lists: [1] },
    ]);

    const listed = await cli.json<{ clusters: { cluster: string; engine: string }[] }>(['list']);
    expect(listed.data.clusters).toContainEqual(
      expect.objectContaining({ cluster: name, engine, running: 2, nodes: 2, bootstrapServers }),
    );

    const logs = await cli.run(['logs', 'broker-1', ...flags, '--tail', '1000']);
    expect(logs.stdout).toMatch(/^broker-1 \| .*started \(kafka\.server\.KafkaServer\)$/m);

    await writeRecords(bootstrapServers, 'orders', ['kept']);

    const stopped = await cli.run(['stop', ...flags]);
    expect(stopped.exitCode).toBe(0);
    const down = await cli.json<Status>(['status', ...flags]);
    expect(down.exitCode).toBe(1);
    expect(down.data.problems).toContain('broker-1 is exited');
    const failed = await cli.json<Smoke>(['smoke', ...flags]);
    expect(failed.exitCode).toBe(1);
    expect(failed.data.checks).toMatchObject([
      {
        name: 'nodes run',
        ok: false,
        expected: 'zookeeper-1 running, broker-1 running',
        seen: 'zookeeper-1 exited, broker-1 exited',
      },
    ]);

    expect((await cli.run(['start', ...flags])).exitCode).toBe(0);
    expect((await cli.run(['restart', ...flags])).exitCode).toBe(0);
    expect(await recordsOf(bootstrapServers, 'orders')).toEqual(['kept']);

    const taken = await cli.json<{ keptVolumes: string[] }>(['down', ...flags]);
    expect(taken.exitCode).toBe(0);
    expect(taken.data.keptVolumes).toContain('broker-1-data');

    const back = await cli.json<Cluster>(['up', ...flags, '--ports', 'auto', ...upFlags[engine]]);
    expect(back.stderr).not.toContain('"type":"warning"');
    expect(back.exitCode).toBe(0);
    expect(await recordsOf(back.data.bootstrapServers, 'orders')).toEqual(['kept']);

    expect((await cli.run(['down', '--volumes', ...flags])).exitCode).toBe(0);
    expect(await leftovers(cli, name)).toEqual([]);
    const nothing = await cli.run(['down', ...flags]);
    expect(nothing).toMatchObject({ exitCode: 0 });
    expect(nothing.stdout).toContain('there is no cluster');
  });

  it('has three ZooKeepers and three brokers that replicate', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('three');
    const flags = ['--name', name];
    const shape = ['--brokers', '3', '--zookeepers', '3', '--ports', 'auto', '--timeout', '170'];
    const up = await cli.json<{ smoke: { ok: boolean; checks: { name: string; seen: string }[] } }>(
      ['up', ...flags, ...shape, ...upFlags[engine], '--smoke'],
    );
    expect(up.exitCode).toBe(0);
    expect(up.data.smoke.checks.find((check) => check.name === 'topic created')?.seen).toMatch(
      /3 partitions, 9 replicas in sync/,
    );

    const status = await cli.json<Status>(['status', ...flags]);
    expect(status.data.healthy).toBe(true);
    const modes = status.data.nodes.flatMap(({ mode }) => mode ?? []).sort();
    expect(modes).toEqual(['follower', 'follower', 'leader']);

    expect((await cli.run(['down', '--volumes', ...flags])).exitCode).toBe(0);
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('gains brokers, and refuses to lose them', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('grow');
    const flags = ['--name', name, ...upFlags[engine]];
    try {
      expect((await cli.run(['up', ...flags, '--ports', 'auto'])).exitCode).toBe(0);
      expect((await cli.run(['up', ...flags, '--brokers', '2', '--smoke'])).exitCode).toBe(0);
      const fewer = await cli.run(['up', ...flags, '--brokers', '1']);
      expect(fewer.exitCode).toBe(5);
      expect(fewer.stderr).toContain('has broker-2, which is not part of what was asked for');
      expect((await cli.run(['status', '--name', name])).exitCode).toBe(0);
    } finally {
      await cli.run(['down', '--volumes', '--name', name]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

describe.skipIf(!(await canRun('process')))('a frozen node', () => {
  it('is seen by status, which ends all the same, and goes on with start', async () => {
    await using cli = await makeCli('process');
    const name = projectName('frozen');
    const flags = ['--name', name];
    try {
      expect((await cli.run(['up', ...flags, '--ports', 'auto'])).exitCode).toBe(0);
      const { data } = await cli.json<Status>(['status', ...flags]);
      for (const { handle } of data.nodes) process.kill(Number(handle.split(' ')[1]), 'SIGSTOP');
      const frozen = await cli.json<Status>(['status', ...flags]);
      expect(frozen.exitCode).toBe(1);
      expect(frozen.data.problems).toContain('broker-1 is paused');
      expect((await cli.run(['up', ...flags])).exitCode).toBe(0);
      // The session may have expired meanwhile; the broker then registers anew by itself.
      const status = async () => (await cli.run(['status', ...flags])).exitCode;
      await expect.poll(status, { timeout: 30_000, interval: 200 }).toBe(0);
    } finally {
      await cli.run(['down', '--volumes', ...flags]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

describe.skipIf(!(await canRun('process')))('a controller that was killed', () => {
  it('is back before its session with ZooKeeper is over', async () => {
    await using cli = await makeCli('process');
    const name = projectName('killed');
    const flags = ['--name', name];
    const session = ['--set', 'zookeeper.session.timeout.ms=40000'];
    try {
      expect((await cli.run(['up', ...flags, '--ports', 'auto', ...session])).exitCode).toBe(0);
      const status = async (): Promise<Status> =>
        (await cli.json<Status>(['status', ...flags])).data;
      const broker = (await status()).nodes.find(({ service }) => service === 'broker-1')!;
      process.kill(Number(broker.handle.split(' ')[1]), 'SIGKILL');
      await expect
        .poll(async () => (await status()).problems, { timeout: 10_000 })
        .toContain('broker-1 is exited');
      const again = await cli.run(['up', ...flags, '--timeout', '20']);
      expect(again.exitCode, again.stderr).toBe(0);
    } finally {
      await cli.run(['down', '--volumes', ...flags]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });
});
