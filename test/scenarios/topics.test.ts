import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { projectName } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';

const name = projectName('declared');

async function declare(cli: Cli, topics: string, brokers = 1): Promise<void> {
  const file = `name: ${name}\nports: auto\nkafka:\n  brokers: ${brokers}\ntopics:\n${topics}`;
  await writeFile(join(cli.directory, 'kcluster.yaml'), file);
}

describe.skipIf(!(await canRun('process')))('up with declared topics', () => {
  it('makes them, fills them once, changes what can be changed, and refuses the rest first', async () => {
    await using cli = await makeCli('process');
    await writeFile(join(cli.directory, 'orders.jsonl'), '{"key":"a","value":1}\n{"value":"b"}\n');
    try {
      await declare(cli, '  orders: { partitions: 2, seed: orders.jsonl }\n');
      const first = await cli.run(['up']);
      expect(first.stderr).toContain('topic orders created: 2 partitions');
      expect(first.exitCode).toBe(0);

      const again = await cli.json<{ changed: boolean }>(['up']);
      expect(again.data.changed).toBe(false);

      await declare(cli, '  orders: { partitions: 3, seed: orders.jsonl }\n  audit: {}\n');
      const dry = await cli.run(['up', '--dry-run']);
      expect(dry.stdout.split('\n').slice(-2)).toEqual([
        '    topic audit created  (topic audit is not there)',
        '    topic orders has 3 partitions  (topic orders has 2 partitions, 3 declared)',
      ]);
      expect(
        (await cli.json<{ topicChanges: unknown[] }>(['up', '--dry-run'])).data.topicChanges,
      ).toMatchObject([{ kind: 'create-topic' }, { kind: 'add-partitions', from: 2, to: 3 }]);
      const more = await cli.json<{ changed: boolean }>(['up']);
      expect(more.exitCode).toBe(0);
      expect(more.data.changed).toBe(true);
      expect(more.stderr).not.toContain('filled');
      const done = await cli.run(['up', '--dry-run']);
      expect(done.stdout).toMatch(/\nnothing to change: the cluster is as it should be$/);

      await declare(
        cli,
        '  orders: { partitions: 2 }\n  audit: { config: { retention: 1 }, seed: lost.txt }\n',
      );
      const refused = await cli.run(['up', '--set', 'log.retention.hours=1']);
      expect(refused.stderr).toContain('topic orders has 3 partitions');
      expect(refused.stderr).toContain('topic audit: Unknown topic config name: retention');
      expect(refused.stderr).toMatch(/the seed of topic audit: .*lost\.txt is not there/);
      expect(refused.exitCode).toBe(3);
      const dryRefused = await cli.run(['up', '--dry-run']);
      expect(dryRefused.stderr).toContain('topic orders has 3 partitions');
      expect(dryRefused.exitCode).toBe(3);
      // Not even what else was asked for has been done by then.
      expect(refused.stderr).not.toContain('broker-1 stopped');
      expect((await cli.run(['status'])).exitCode).toBe(0);

      // As many replicas as there are brokers once it is done.
      await declare(cli, '  orders: { replication: 2 }\n  wide: { replication: 2 }\n', 2);
      const wider = await cli.run(['up']);
      expect(wider.stderr).toContain('topic orders has 2 replicas');
      expect(wider.stderr).toContain('topic wide created: 1 partition, 2 replicas each');
      expect(wider.exitCode).toBe(0);
    } finally {
      await cli.run(['down', '--volumes']);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('finds a seed that is not there before anything is made', async () => {
    await using cli = await makeCli('process');
    await declare(cli, '  orders: { seed: lost.jsonl }\n');
    const { exitCode, stderr } = await cli.run(['up']);
    expect(stderr).toContain('lost.jsonl is not there');
    expect(exitCode).toBe(3);
    expect(await leftovers(cli, name)).toEqual([]);
  });
});
