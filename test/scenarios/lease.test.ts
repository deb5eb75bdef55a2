import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { Lease } from '../../src/cluster/lease.js';
import type { Cli } from '../helpers/cli.js';
import { describeEngines, upFlags } from '../helpers/engines.js';
import { leavingNothing } from '../helpers/run.js';

interface Listed {
  clusters: { cluster: string; lease?: Lease }[];
}

/** The lease that `list` shows; null for a cluster without one, undefined where there is no cluster. */
async function leaseOf(cli: Cli, name: string): Promise<Lease | null | undefined> {
  const { data } = await cli.json<Listed>(['list']);
  const found = data.clusters.find(({ cluster }) => cluster === name);
  return found && (found.lease ?? null);
}

await describeEngines(
  'a cluster with a lease',
  (engine) => {
    const upOf = (name: string, ...flags: string[]): string[] => [
      ...['up', '--name', name, '--ports', 'auto', ...upFlags[engine], ...flags],
    ];

    it('goes when its owner has ended, and keeps its lease until then', async () => {
      await leavingNothing(engine, 'owner', async (cli, name) => {
        const owner = spawn('sleep', ['600'], { stdio: 'ignore' });
        try {
          const up = await cli.json(upOf(name, '--owner', String(owner.pid)));
          expect(up.exitCode, up.stderr).toBe(0);
          const lease = await leaseOf(cli, name);
          expect(lease).toMatchObject({ owner: { pid: owner.pid } });
          for (const words of [upOf(name), ['stop', '--name', name], ['start', '--name', name]]) {
            const { exitCode, stderr } = await cli.run(words);
            expect(exitCode, stderr).toBe(0);
            expect(await leaseOf(cli, name), words.join(' ')).toEqual(lease);
          }
        } finally {
          owner.kill('SIGKILL');
          await once(owner, 'exit');
        }
      });
    });

    it('goes when its time is over; a new lease takes the place of the old one', async () => {
      await leavingNothing(engine, 'time', async (cli, name) => {
        expect((await cli.run(upOf(name, '--detach-after', '2h'))).exitCode).toBe(0);
        const first = await leaseOf(cli, name);
        expect(first?.until).toBeGreaterThan(Date.now() + 7_000_000);
        expect((await cli.run(upOf(name, '--detach-after', '2s'))).exitCode).toBe(0);
        await expect
          .poll(async () => await leaseOf(cli, name), { timeout: 60_000 })
          .toBeUndefined();
      });
    });

    it('stays when the lease is taken off, and down ends a lease', async () => {
      await leavingNothing(engine, 'never', async (cli, name) => {
        expect((await cli.run(upOf(name, '--detach-after', '2h'))).exitCode).toBe(0);
        expect((await cli.run(upOf(name, '--detach-after', 'never'))).exitCode).toBe(0);
        expect(await leaseOf(cli, name)).toBeNull();
        expect((await cli.run(['status', '--name', name])).exitCode).toBe(0);
        expect((await cli.run(upOf(name, '--detach-after', '2h'))).exitCode).toBe(0);
        expect((await cli.run(['down', '--name', name])).exitCode).toBe(0);
        expect((await leaseOf(cli, name)) ?? null).toBeNull();
        expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
      });
    });

    it('is refused for an owner that does not run, before anything is made', async () => {
      await leavingNothing(engine, 'dead', async (cli, name) => {
        const { exitCode, stderr } = await cli.run(upOf(name, '--owner', '4194305'));
        expect(exitCode).toBe(2);
        expect(stderr).toContain('--owner 4194305: there is no such process');
      });
    });
  },
  { long: ['docker'] },
);
