import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/cluster/engine.js';
import type { Event } from '../../src/report/events.js';
import { leftovers, makeCli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';

/** Moments of `up`, by the event that tells of them. */
const moments: [string, (event: Event) => boolean][] = [
  ['the engine is chosen', (event) => event.type === 'engine'],
  ['a volume is created', starting('create-volume')],
  ['a node is created', starting('create-node')],
  ['a node is started', starting('start-node')],
  ['it waits for ZooKeeper', starting('await-zookeepers')],
  ['it waits for brokers', starting('await-brokers')],
  ['it proves that the cluster works', (event) => event.type === 'check-started'],
  ['its proof consumes', (event) => event.type === 'check-started' && /^records/.test(event.name)],
];

function starting(kind: string): (event: Event) => boolean {
  return (event) => event.type === 'step-started' && event.step.kind === kind;
}

function upOf(engine: EngineName, name: string): string[] {
  return ['up', '--name', name, '--ports', 'auto', '--smoke', ...upFlags[engine]];
}

await describeEngines('up that is ended in the middle', (engine) => {
  it.each(moments)('by Ctrl-C while %s takes back what it made', async (_moment, test) => {
    await using cli = await makeCli(engine);
    const name = projectName('int');
    const { child, ended } = await cli.until(upOf(engine, name), test);
    child.kill('SIGINT');
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'interrupted', exitCode: 130 } });
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it.each(moments)('by kill -9 while %s is finished by down', async (_moment, test) => {
    await using cli = await makeCli(engine);
    const name = projectName('kill');
    const { child, ended } = await cli.until(upOf(engine, name), test);
    child.kill('SIGKILL');
    await ended;
    expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('by kill -9 is completed by the next up', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('redo');
    const { child, ended } = await cli.until(upOf(engine, name), starting('await-brokers'));
    child.kill('SIGKILL');
    await ended;
    try {
      expect((await cli.run(upOf(engine, name))).exitCode).toBe(0);
    } finally {
      await cli.run(['down', '--volumes', '--name', name]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('by SIGTERM with --keep leaves what it made', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('keep');
    const { child, ended } = await cli.until(
      [...upOf(engine, name), '--keep'],
      starting('await-brokers'),
    );
    child.kill('SIGTERM');
    const { exitCode, stderr } = await ended;
    const { data } = await cli.json<{ nodes: unknown[] }>(['status', '--name', name]);
    const down = await cli.run(['down', '--volumes', '--name', name]);
    expect(exitCode, stderr).toBe(130);
    expect(data.nodes).toHaveLength(2);
    expect(down.exitCode).toBe(0);
    expect(await leftovers(cli, name)).toEqual([]);
  });
});

describe.skipIf(!(await canRun('process')))('up that is ended while it fetches jars', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)(
    'by %s leaves nothing but what it has fetched',
    async (signal) => {
      await using cli = await makeCli('process');
      const name = projectName('fetch');
      // A repository that begins every answer and never ends it.
      const repository = createServer((_request, response) => {
        response.writeHead(200).write('jar');
      });
      await new Promise<void>((resolve) => repository.listen(0, '127.0.0.1', resolve));
      const { port } = repository.address() as AddressInfo;
      try {
        const { child, ended } = await cli.until(
          upOf('process', name),
          (event) => event.type === 'progress' && event.current > 0,
          {
            HOME: cli.directory,
            KCLUSTER_CACHE: join(cli.directory, 'cache'),
            KCLUSTER_MAVEN_REPOSITORY: `http://127.0.0.1:${port}/maven2`,
          },
        );
        child.kill(signal);
        const { exitCode } = await ended;
        expect(exitCode).toBe(signal === 'SIGINT' ? 130 : -1);
      } finally {
        repository.close();
        repository.closeAllConnections();
      }
      expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
      expect(await leftovers(cli, name)).toEqual([]);
    },
  );
});

await describeEngines('clusters at once', (engine) => {
  it('of one name become one cluster', async () => {
    await using cli = await makeCli(engine);
    const name = projectName('twice');
    const runs = await Promise.all([1, 2].map(async () => await cli.json(upOf(engine, name))));
    try {
      expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(runs.map(({ data }) => data['changed']).sort()).toEqual([false, true]);
      expect((await cli.run(['status', '--name', name])).exitCode).toBe(0);
    } finally {
      await cli.run(['down', '--volumes', '--name', name]);
    }
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('of different names live side by side', async () => {
    await using cli = await makeCli(engine);
    const names = [projectName('one'), projectName('two')];
    try {
      const runs = await Promise.all(names.map(async (name) => await cli.run(upOf(engine, name))));
      expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    } finally {
      await Promise.all(
        names.map(async (name) => await cli.run(['down', '--volumes', '--name', name])),
      );
    }
    for (const name of names) expect(await leftovers(cli, name)).toEqual([]);
  });
});
