import { expect, it } from 'vitest';
import { Engines } from '../../src/cli/engines.js';
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
        // A daemon may have leases of others.
        const own = data.removed.filter(({ cluster }) => Object.values(names).includes(cluster));
        expect(own.map(({ cluster }) => cluster).toSorted()).toEqual(expected);
      }
      const list = await cli.json<{ clusters: { cluster: string }[] }>(['list']);
      const left = list.data.clusters.map(({ cluster }) => cluster);
      for (const [key, [, isOver]] of Object.entries(leases))
        expect(left.includes(names[key]!), key).toBe(!isOver);
    } finally {
      for (const name of Object.values(names)) await cli.run(['down', '--volumes', '--name', name]);
      await engines.close();
    }
    for (const name of Object.values(names)) expect(await leftovers(cli, name)).toEqual([]);
  });
});
