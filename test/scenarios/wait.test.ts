import { expect, it } from 'vitest';
import type { EngineName } from '../../src/cluster/engine.js';
import type { Event } from '../../src/report/events.js';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';

/** It waits for what the text says. */
function waitingFor(text: string): (event: Event) => boolean {
  return (event) => event.type === 'waiting' && event.for.includes(text);
}

/** Whatever becomes of the body, nothing of the project stays. */
async function leavingNothing(
  engine: EngineName,
  hint: string,
  body: (cli: Cli, name: string) => Promise<void>,
): Promise<void> {
  await using cli = await makeCli(engine);
  const name = projectName(hint);
  try {
    await body(cli, name);
  } finally {
    await cli.run(['down', '--volumes', '--name', name]);
  }
  expect(await leftovers(cli, name)).toEqual([]);
}

/** A broker that ends by itself soon after its start. */
const flaw = ['--set', 'zookeeper.session.timeout.ms=soon', '--keep'];

await describeEngines('wait', (engine) => {
  const upOf = (name: string): string[] => [
    ...['up', '--name', name, '--ports', 'auto', ...upFlags[engine]],
  ];

  it('ends when a cluster works that was not there when it began', async () => {
    await leavingNothing(engine, 'wait', async (cli, name) => {
      const { ended } = await cli.until(
        ['wait', '--name', name],
        waitingFor(`cluster "${name}" is not there yet`),
      );
      const up = await cli.json<{ bootstrapServers: string }>(upOf(name));
      expect(up.exitCode, up.stderr).toBe(0);
      const { exitCode, stdout, stderr } = await ended;
      expect(exitCode, stderr).toBe(0);
      const { bootstrapServers } = up.data;
      expect(JSON.parse(stdout)).toMatchObject({ cluster: name, engine, bootstrapServers });

      const again = await cli.run(['wait', '--name', name]);
      expect(again.exitCode).toBe(0);
      expect(again.stderr).toBe('');
      expect(again.stdout).toMatch(new RegExp(`^cluster "${name}" works after .* s$`, 'm'));
      expect(again.stdout).toContain(bootstrapServers);
    });
  });

  it('is in vain for a stopped cluster, and ends when it is started', async () => {
    await leavingNothing(engine, 'stopped', async (cli, name) => {
      expect((await cli.run(upOf(name))).exitCode).toBe(0);
      expect((await cli.run(['stop', '--name', name])).exitCode).toBe(0);
      const inVain = await cli.run(['wait', '--name', name, '--timeout', '1']);
      expect(inVain.exitCode).toBe(7);
      expect(inVain.stdout).toBe('');
      expect(inVain.stderr).toMatch(/^waiting: .*broker-1 is exited/m);
      expect(inVain.stderr).toContain(`cluster "${name}" was not ready in time`);

      const { ended } = await cli.until(
        ['wait', '--name', name],
        waitingFor('zookeeper-1 is exited'),
      );
      expect((await cli.run(['start', '--name', name])).exitCode).toBe(0);
      const { exitCode, stderr } = await ended;
      expect(exitCode, stderr).toBe(0);
    });
  });

  it('tells at once of a node that dies, with its last lines', async () => {
    await leavingNothing(engine, 'dies', async (cli, name) => {
      const { ended } = await cli.until(
        ['wait', '--name', name],
        waitingFor(`cluster "${name}" is not there yet`),
      );
      expect((await cli.run([...upOf(name), ...flaw])).exitCode).toBe(6);
      const { exitCode, stdout, stderr } = await ended;
      expect(exitCode, stderr).toBe(6);
      const { error } = JSON.parse(stdout) as { error: { message: string; details: string[] } };
      expect(error.message).toMatch(/^broker-1 ended .*while the cluster was starting$/);
      expect(error.details[0]).toBe('last lines of broker-1:');
      expect(error.details.join()).toContain('zookeeper.session.timeout.ms');
    });
  });

  // The process engine does not know how a process ended that another run has started.
  it.skipIf(engine === 'process')('tells at once of a node that has died before', async () => {
    await leavingNothing(engine, 'died', async (cli, name) => {
      expect((await cli.run([...upOf(name), ...flaw])).exitCode).toBe(6);
      const { exitCode, stderr } = await cli.run(['wait', '--name', name]);
      expect(exitCode).toBe(6);
      expect(stderr).toContain('broker-1 ended with 1');
      expect(stderr).toContain('zookeeper.session.timeout.ms');
    });
  });

  it('is ended by Ctrl-C, and changes nothing', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('ctrl-c');
    const { child, ended } = await cli.until(
      ['wait', '--name', name],
      waitingFor(`cluster "${name}" is not there yet`),
    );
    child.kill('SIGINT');
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'interrupted' } });
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('is in vain for a cluster that never comes, with how to start it', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('never');
    const { exitCode, stderr } = await cli.run(['wait', '--name', name, '--timeout', '0.2']);
    expect(exitCode).toBe(7);
    expect(stderr).toContain(`there was no cluster "${name}" in time`);
    expect(stderr).toContain(`\`kcluster up --name ${name}\``);
  });
});
