import { execa } from 'execa';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { createTopicsRequest } from '../../src/clients/protocol/create-topics.js';
import { ask } from '../../src/clients/protocol/request.js';
import { parseAddress } from '../../src/topology/address.js';
import { leftInTheEnd, makeCli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';

interface Status {
  bootstrapServers: string;
  nodes: { role: 'broker' | 'zookeeper'; handle: string }[];
}

/** As a client that asks once, and takes no error for an answer. */
async function createTopic(bootstrap: string, name: string): Promise<number | undefined> {
  const topics = [{ name, config: {} }];
  const request = createTopicsRequest(topics, { validateOnly: false, timeoutMs: 10_000 });
  const dial = ({ host, port }: { host: string; port: number }) => connect(port, host);
  const [verdict] = await ask(parseAddress(bootstrap), dial, 20_000, request);
  return verdict?.code;
}

await describeEngines(
  'a cluster that was frozen',
  (engine) => {
    async function freeze({ handle }: { handle: string }): Promise<void> {
      if (engine === 'docker') await execa('docker', ['pause', handle]);
      else process.kill(Number(handle.split(' ')[1]), 'SIGSTOP');
    }

    it('answers the first command after a start, its sessions being lost or not', async () => {
      await using cli = await makeCli(engine);
      const name = projectName('frozen');
      const flags = ['--name', name];
      const session = ['--set', 'zookeeper.session.timeout.ms=4000'];
      try {
        const up = await cli.run([
          'up',
          ...flags,
          '--ports',
          'auto',
          ...session,
          ...upFlags[engine],
        ]);
        expect(up.exitCode, up.stderr).toBe(0);
        const { data } = await cli.json<Status>(['status', ...flags]);
        const nodes = data.nodes.toSorted((a, b) => a.role.localeCompare(b.role));
        // Its client leaves ZooKeeper after 2.7 s, and the session is over after 4 to 6.
        for (const ms of [1500, 3200, 4500, 7000]) {
          for (const node of nodes) await freeze(node);
          await sleep(ms);
          const start = await cli.run(['start', ...flags]);
          expect(start.exitCode, start.stderr).toBe(0);
          expect(await createTopic(data.bootstrapServers, `after-${ms}`), `after ${ms} ms`).toBe(0);
        }
      } finally {
        await cli.run(['down', '--volumes', ...flags]);
      }
      expect(await leftInTheEnd(cli, name)).toEqual([]);
    });
  },
  { long: ['docker'] },
);
