import { execa } from 'execa';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/report/events.js';
import { leftovers, main, makeCli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { bundlesIn, leavingNothing, reapers, runOf, starting } from '../helpers/run.js';
import { canRun } from '../helpers/require.js';
import { readTarGz } from '../helpers/tar.js';
import { hasTool } from '../helpers/tools.js';

const kcluster = `"${process.execPath}" "${main}"`;
const processes = await canRun('process');
const commandStarted = (event: Event): boolean => event.type === 'command-started';

await describeEngines(
  'run',
  (engine) => {
    it('gives the command a cluster, its own streams, and ends as it does', async () => {
      await leavingNothing(engine, 'run', async (cli, name) => {
        const script = `cat; ${kcluster} status --output json; ${kcluster} smoke --output quiet; exit $?`;
        const result = await cli.pipe('what stdin had\n', runOf(engine, name, script));
        expect(result.exitCode, result.stderr).toBe(0);
        const [said, ...status] = result.stdout.split('\n');
        expect(said).toBe('what stdin had');
        expect(JSON.parse(status.join('\n'))).toMatchObject({ cluster: name, engine });
        expect(await bundlesIn(cli.directory)).toEqual([]);
      });
    });

    it('writes a bundle when the command fails, and tells its path last', async () => {
      await leavingNothing(engine, 'run', async (cli, name) => {
        const script = 'echo to stderr >&2; echo to stdout; exit 7';
        const { exitCode, stdout, stderr } = await cli.run(runOf(engine, name, script));
        expect(exitCode).toBe(7);
        expect(stdout).toBe('to stdout');
        const path = stderr.split('\n').at(-1)!;
        expect(await bundlesIn(cli.directory)).toEqual([path]);
        const files = await readTarGz(path);
        const [root = ''] = [...files.keys()][0]!.split('/');
        const at = (file: string): string => files.get(`${root}/${file}`)!.text;
        expect([...files.keys()]).not.toContain(`${root}/problems.txt`);
        expect(at('compose.yaml')).toContain('depends_on');
        expect(JSON.parse(at('spec.json'))).toMatchObject({
          origins: { 'kafka.brokers': 'default' },
        });
        expect(JSON.parse(at('plan.json'))).toMatchObject({ project: name });
        const events = at('events.ndjson').trimEnd().split('\n');
        expect(events.map((line) => JSON.parse(line) as Event).at(-1)).toMatchObject({
          type: 'command-ended',
          exitCode: 7,
        });
        expect(JSON.parse(at('status.json'))).toMatchObject({ healthy: true });
      });
    });

    it('writes a bundle of a start that fails, and ends as up does', async () => {
      await leavingNothing(engine, 'run', async (cli, name) => {
        const flags = ['--set', 'log.segment.bytes=1', '--bundle', 'artifacts/of this'];
        const { exitCode, data, stderr } = await cli.json(runOf(engine, name, 'exit 0', flags));
        expect(exitCode, stderr).toBe(6);
        expect(data).toMatchObject({ error: { kind: 'startFailed' } });
        const [path = ''] = await bundlesIn(join(cli.directory, 'artifacts', 'of this'));
        expect(JSON.parse(stderr.split('\n').at(-1)!)).toEqual({ type: 'bundle', path });
        const files = await readTarGz(path);
        expect([...files.keys()].join()).toMatch(/error\.json.*logs\/broker-1\.log/);
      });
    });

    it('leaves another cluster of the name alone', async () => {
      await leavingNothing(engine, 'taken', async (cli, name) => {
        const up = ['up', '--name', name, '--ports', 'auto', ...upFlags[engine]];
        expect((await cli.run(up)).exitCode).toBe(0);
        const before = await cli.json(['status', '--name', name]);
        const { exitCode, data } = await cli.json(runOf(engine, name, 'exit 0'));
        expect(exitCode).toBe(5);
        expect(data).toMatchObject({
          error: { kind: 'conflict', message: `there is a cluster "${name}" already` },
        });
        const after = await cli.json(['status', '--name', name]);
        expect(after.data['nodes']).toEqual(before.data['nodes']);
        expect(await bundlesIn(cli.directory)).toEqual([]);
        expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
      });
    });

    it('keeps the cluster of a failed command where that is wished', async () => {
      await leavingNothing(engine, 'keep', async (cli, name) => {
        const flags = ['--keep-on-failure', '--no-bundle'];
        const { exitCode, stderr } = await cli.run(runOf(engine, name, 'exit 3', flags));
        expect(exitCode).toBe(3);
        expect(stderr).toContain(`cluster "${name}" is kept`);
        expect(await bundlesIn(cli.directory)).toEqual([]);
        const list = await cli.json<{ clusters: { cluster: string; lease?: unknown }[] }>(['list']);
        const kept = list.data.clusters.find(({ cluster }) => cluster === name);
        expect(kept).toBeDefined();
        expect(kept?.lease).toBeUndefined();
        expect((await cli.run(['status', '--name', name])).exitCode).toBe(0);
        expect((await cli.run(['down', '--volumes', '--name', name])).exitCode).toBe(0);
      });
    });

    it.each([
      ['the lease is granted', starting('grant-lease')],
      ['a volume is created', starting('create-volume')],
      ['a node is created', starting('create-node')],
      ['it waits for brokers', starting('await-brokers')],
      ['the command runs', commandStarted],
    ])('that is killed while %s is cleared away', async (moment, test) => {
      await leavingNothing(engine, 'kill', async (cli, name) => {
        const script = 'trap "" TERM; (trap "" TERM; sleep 600) & wait';
        const { child, ended } = await cli.until(runOf(engine, name, script), test);
        child.kill('SIGKILL');
        await ended;
        // Before there is a lease, nobody knows of the run but for the files by which it held its ports and its name.
        if (moment === 'the lease is granted') await cli.run(['prune']);
      });
    });

    it('has another reaper when its own is killed', async () => {
      await leavingNothing(engine, 'reap', async (cli, name) => {
        const { child, ended } = await cli.until(runOf(engine, name, 'sleep 600'), commandStarted);
        const [first = 0] = await reapers(cli);
        process.kill(first, 'SIGKILL');
        await expect
          .poll(async () => (await reapers(cli)).filter((pid) => pid !== first), {
            timeout: 20_000,
          })
          .toHaveLength(1);
        child.kill('SIGKILL');
        await ended;
      });
    });
  },
  { long: ['docker'] },
);

describe.skipIf(!processes)('the exit code of run', () => {
  it.each([
    ['exit 0', 0],
    ['exit 1', 1],
    ['exit 127', 127],
    ['kill -KILL $$', 137],
    ['kill -SEGV $$', 139],
    ['kill -TERM $$', 143],
    ['kill -HUP $$', 129],
  ])('is that of `%s`', async (script, code) => {
    await leavingNothing('process', 'code', async (cli, name) => {
      const { exitCode } = await cli.run(runOf('process', name, script, ['--no-bundle']));
      expect(exitCode).toBe(code);
    });
  });

  it.each([
    [['no-such-command'], 127],
    [['/tmp'], 126],
    [[], 2],
  ])('for %j tells that nothing can be started, and nothing is', async (command, code) => {
    await using cli = await makeCli('process');
    const name = projectName('none');
    const { exitCode, stdout, stderr } = await cli.run(['run', '--name', name, '--', ...command]);
    expect(exitCode).toBe(code);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
    expect(stderr).not.toContain('engine');
    expect(await leftovers(cli, name)).toEqual([]);
  });

  it('comes where a command that is in the background has to end with the run', async () => {
    await leavingNothing('process', 'left', async (cli, name) => {
      const { exitCode } = await cli.run(
        runOf('process', name, 'sleep 600 > /dev/null 2>&1 & exit 0'),
      );
      expect(exitCode).toBe(0);
      expect((await leftovers(cli, name)).filter((each) => each.includes('sleep'))).toEqual([]);
    });
  });
});

describe.skipIf(!processes)('a signal to run', () => {
  const trap = (name: string): string =>
    `trap "echo got ${name}; exit 9" ${name}; echo ready; while :; do sleep 0.1; done`;

  it.each(['INT', 'TERM', 'HUP'] as const)('goes on to the command: SIG%s', async (signal) => {
    await leavingNothing('process', 'sig', async (cli, name) => {
      // Away from any terminal: its Ctrl-C would have reached the command.
      const child = execa(process.execPath, [main, ...runOf('process', name, trap(signal))], {
        cwd: cli.directory,
        env: cli.env,
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
        detached: true,
      });
      await once(child.stdout, 'data');
      child.kill(`SIG${signal}`);
      const { exitCode, stdout, stderr } = await child;
      expect(exitCode, stderr).toBe(9);
      expect(stdout).toBe(`ready\ngot ${signal}`);
      expect(stderr).not.toContain('.tar.gz');
      expect(await bundlesIn(cli.directory)).toEqual([]);
    });
  });

  it('during the start takes the cluster back, without a bundle', async () => {
    await leavingNothing('process', 'sig', async (cli, name) => {
      const { child, ended } = await cli.until(
        runOf('process', name, 'exit 0'),
        starting('await-brokers'),
      );
      child.kill('SIGTERM');
      expect((await ended).exitCode).toBe(130);
      expect(await bundlesIn(cli.directory)).toEqual([]);
    });
  });

  it('does not wait for a bundle that takes long', async () => {
    await leavingNothing('process', 'slow', async (cli, name) => {
      // A frozen broker answers nothing.
      const script = `kill -STOP $(pgrep -f "kcluster.node=.*/${name}/nodes/[b]roker-1"); exit 7`;
      const { child, ended } = await cli.until(
        runOf('process', name, script),
        (event) => event.type === 'command-ended',
      );
      const begin = performance.now();
      child.kill('SIGTERM');
      expect((await ended).exitCode).toBe(7);
      // The collecting alone would have taken twenty seconds.
      expect(performance.now() - begin).toBeLessThan(15_000);
      expect(await bundlesIn(cli.directory)).toEqual([]);
    });
  });

  it.skipIf(!hasTool('script'))('of a terminal comes to the command once', async () => {
    await leavingNothing('process', 'pty', async (cli, name) => {
      const program = `
        let count = 0;
        process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('count', count); process.exit(9); }, 1000); });
        setInterval(() => undefined, 1000);
        console.log('ready');`;
      await writeFile(join(cli.directory, 'count.mjs'), program);
      const words = ['run', '--name', name, '--no-bundle', '--', 'node', 'count.mjs'];
      // With exec: a shell in between would end by the signal itself.
      const line = `exec ${kcluster} ${words.join(' ')} < /dev/null`;
      const child = execa('script', ['-qec', line, '/dev/null'], {
        cwd: cli.directory,
        env: cli.env,
        extendEnv: false,
        reject: false,
      });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += String(chunk)));
      while (!/ready\r?\n/.test(said)) await once(child.stdout, 'data');
      child.stdin.write('\u0003');
      const { exitCode } = await child;
      expect(exitCode, said).toBe(9);
      expect(said).toMatch(/count 1\r?\n/);
    });
  });
});

describe.skipIf(!processes)('a run', () => {
  it('within a run has a cluster of its own, also when the outer one is killed', async () => {
    await leavingNothing('process', 'outer', async (cli, name) => {
      const inner = `${kcluster} run -- sh -c 'echo "$KCLUSTER_NAME"; sleep 600'`;
      const child = cli.spawn(runOf('process', name, inner));
      const [said] = (await once(child.stdout, 'data')) as [Buffer];
      expect(String(said)).toMatch(/^run-[0-9a-f]{8}\n$/);
      child.kill('SIGKILL');
      await child;
    });
  });

  it('writes its bundle elsewhere where the directory can not be written', async () => {
    await leavingNothing('process', 'where', async (cli, name) => {
      const other = join(cli.directory, 'temporary');
      await mkdir(other);
      await writeFile(join(cli.directory, 'file'), '');
      const words = runOf('process', name, 'exit 7', ['--bundle', 'file/below']);
      const { exitCode, stderr } = await cli.run(words, { TMPDIR: other });
      expect(exitCode).toBe(7);
      expect(stderr).toContain(`warning: the bundle goes to ${other}: `);
      expect(await bundlesIn(other)).toEqual([stderr.split('\n').at(-1)]);
    });
  });

  it('reads nothing of stdin itself, and asks nothing', async () => {
    await leavingNothing('process', 'stdin', async (cli, name) => {
      const { exitCode, stdout } = await cli.pipe('a\nb\nc\n', runOf('process', name, 'wc -l'));
      expect(exitCode).toBe(0);
      expect(stdout.trim()).toBe('3');
    });
  });

  it('refuses a lease that never ends', async () => {
    await using cli = await makeCli('process');
    const { exitCode, stderr } = await cli.run(['run', '--detach-after', 'never', '--', 'true']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('It is a time such as');
  });

  it('loses its cluster when its time is over, and goes on', async () => {
    await leavingNothing('process', 'time', async (cli, name) => {
      const gone = `while ${kcluster} list --output json | grep -q '"cluster": "${name}"'; do sleep 0.2; done`;
      const flags = ['--detach-after', '8s', '--no-bundle'];
      const { exitCode, stderr } = await cli.run(runOf('process', name, `${gone}; exit 4`, flags));
      expect(exitCode, stderr).toBe(4);
    });
  });
});
