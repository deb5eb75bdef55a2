import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Engines } from '../../src/engines/engines.js';
import { beliefMs, type Lease, type Owner } from '../../src/cluster/lease.js';
import type { EngineStep } from '../../src/cluster/plan.js';
import { processHere } from '../../src/system/machine-process.js';
import { leftovers, makeCli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';

const here: Owner = {
  ...processHere(process.pid)!,
  command: 'a test',
  believedUntil: Date.now() + beliefMs,
};
const elsewhere: Owner = { ...here, machine: 'another boot/pid:[1]' };

/** Leases, and whether their cluster is left. */
const leases: Record<string, [Lease | undefined, isOver: boolean]> = {
  dead: [{ owner: { ...here, start: 'before' } }, true],
  late: [{ owner: here, until: Date.now() - 1 }, true],
  unheard: [{ owner: { ...elsewhere, believedUntil: Date.now() - 1 } }, true],
  live: [{ owner: here }, false],
  early: [{ until: Date.now() + beliefMs }, false],
  believed: [{ owner: elsewhere }, false],
  plain: [undefined, false],
};

await describeEngines('prune', (engine) => {
  it('removes what dead owners have left, and nothing else', async () => {
    await using cli = await makeCli(engine);
    const engines = new Engines(cli.env);
    const names = Object.fromEntries(Object.keys(leases).map((key) => [key, projectName(key)]));
    const perform = async (project: string, step: EngineStep): Promise<void> =>
      await (
        await engines.connect(engine)
      ).perform(project, step, {
        signal: new AbortController().signal,
        emit: () => undefined,
      });
    const up = ['up', '--name', names['dead']!, '--ports', 'auto', ...upFlags[engine]];
    try {
      expect((await cli.run(up)).exitCode).toBe(0);
      for (const [key, [lease]] of Object.entries(leases)) {
        if (key !== 'dead')
          await perform(names[key]!, { kind: 'create-volume', volume: 'broker-1-data' });
        if (lease) await perform(names[key]!, { kind: 'grant-lease', lease });
      }
      const over = Object.keys(leases).filter((key) => leases[key]![1]);
      const expected = over.map((key) => names[key]).toSorted();
      for (const words of [['prune', '--dry-run'], ['prune']]) {
        const { data, exitCode } = await cli.json<{ removed: { cluster: string }[] }>(words);
        expect(exitCode).toBe(0);
        const own = data.removed.filter(({ cluster }) => Object.values(names).includes(cluster));
        const told = own.map(({ cluster }) => cluster).toSorted();
        // A daemon may have reapers of other users, who come first; the process engine's state is the test's alone.
        if (engine === 'process') expect(told).toEqual(expected);
        else expect(expected).toEqual(expect.arrayContaining(told));
      }
      const there = async (): Promise<string[]> => {
        const { data } = await cli.json<{ clusters: { cluster: string }[] }>(['list']);
        return Object.keys(names).filter((key) =>
          data.clusters.some(({ cluster }) => cluster === names[key]),
        );
      };
      const stay = Object.keys(leases).filter((key) => !leases[key]![1]);
      await expect.poll(there, { timeout: 30_000 }).toEqual(stay);
    } finally {
      for (const name of Object.values(names)) await cli.run(['down', '--volumes', '--name', name]);
      await engines.close();
    }
    for (const name of Object.values(names)) expect(await leftovers(cli, name)).toEqual([]);
  });
});

it('removes what a run was about to write when it was killed', async () => {
  await using cli = await makeCli('process');
  const clusters = join(cli.env['KCLUSTER_STATE']!, 'clusters');
  const files = { half: '.lease.json.123', torn: 'lease.json', foreign: 'notes.txt' };
  for (const [project, file] of Object.entries(files)) {
    await mkdir(join(clusters, project), { recursive: true });
    await writeFile(join(clusters, project, file), '');
  }
  await mkdir(join(clusters, 'empty'));
  expect((await cli.run(['prune'])).exitCode).toBe(0);
  expect(await readdir(clusters)).toEqual(['foreign']);
});
