import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftInTheEnd, main, makeCli, type Cli } from '../helpers/cli.js';
import { projectName, upFlags } from '../helpers/engines.js';
import { canRunOtherDaemon, otherDaemon, type OtherDaemon } from '../helpers/other-daemon.js';
import { bundlesIn } from '../helpers/run.js';

const daemons = await canRunOtherDaemon();
let daemon: OtherDaemon;

beforeAll(async () => {
  if (daemons) daemon = await otherDaemon(['kcluster/kafka:3.9.2', 'kcluster/zookeeper:3.8.4']);
});
afterAll(async () => {
  if (!daemons) return;
  await daemon[Symbol.asyncDispose]();
  expect(await tracesOf(daemon)).toEqual([]);
});

/** A client of that daemon. */
async function clientOf(): Promise<Cli & AsyncDisposable> {
  return await makeCli('docker', { DOCKER_HOST: daemon.host });
}

describe.skipIf(!daemons)('a Docker daemon on another machine', () => {
  it('gets no cluster that is out of reach, or whose name nobody knows', async () => {
    await using cli = await clientOf();
    const name = projectName('far');
    const up = ['up', '--name', name, '--ports', 'auto', ...upFlags.docker];
    const plain = await cli.run(up);
    expect(plain.exitCode).toBe(3);
    expect(plain.stderr).toContain(`--advertise ${daemon.address}`);
    const unknown = await cli.run([...up, '--advertise', 'kafka.invalid']);
    expect(unknown.exitCode).toBe(3);
    expect(unknown.stderr).toContain('"kafka.invalid" does not resolve on this machine');
    await nothingIsLeft(cli, name);
  });

  it('has a cluster for every command, which goes when its run is killed', async () => {
    await using cli = await clientOf();
    const name = projectName('near');
    const { run } = await documented(
      cli,
      name,
      'README.md',
      /^kcluster run --advertise docker .*$/m,
    );
    try {
      await ready(cli);
      await expectAddresses(cli, name);
      await expectCommands(cli, name);
      await expectPortTaken(cli, name);
    } finally {
      run.kill('SIGKILL');
      await run;
    }
    await nothingIsLeft(cli, name);
  });

  it('keeps a cluster whose machine is gone, until it has not been heard of for long', async () => {
    await using gone = await clientOf();
    await using cli = await clientOf();
    const name = projectName('gone');
    const machine = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const job = /(?<=npx )kcluster run --advertise docker .*$/m;
    const { run } = await documented(gone, name, 'docs/ci.md', job, machine);
    try {
      await ready(gone);
    } finally {
      // Its reaper goes with it.
      run.kill('SIGKILL');
      await run;
    }
    const early = await cli.json<Pruning>(['prune']);
    expect(early.data).toMatchObject({ removed: [], leased: 1 });
    expect((await cli.run(['status', '--name', name])).exitCode).toBe(0);

    const later = await anHourLater(cli);
    const dry = await cli.json<Pruning>(['prune', '--dry-run'], { NODE_OPTIONS: later });
    expect(dry.data.removed).toEqual([
      {
        cluster: name,
        engine: 'docker',
        cause: 'its owner on another machine has not been heard of',
      },
    ]);
    // As one that a later run has started, which has ended.
    const reaper = [later, main, 'reaper', 'docker', String(process.pid), 'before'];
    await execa(process.execPath, reaper, { env: cli.env, extendEnv: false, timeout: 60_000 });
    await nothingIsLeft(cli, name);
  });
});

interface Pruning {
  removed: { cluster: string }[];
  leased: number;
}

/** Starts a command of the documentation, with this daemon for `docker`; what it runs goes on until it is killed. */
async function documented(
  cli: Cli,
  name: string,
  file: string,
  command: RegExp,
  before: readonly string[] = [],
) {
  const [found = ''] = command.exec(await readFile(file, 'utf8')) ?? [];
  const flags = `--name ${name} ${upFlags.docker.join(' ')} --advertise ${daemon.address}`;
  const script = found
    .replace('kcluster', `exec "${process.execPath}" "${main}"`)
    .replace('--advertise docker', flags);
  const manifest = { scripts: { 'integration-tests': 'touch ready && exec sleep 600' } };
  await writeFile(join(cli.directory, 'package.json'), JSON.stringify(manifest));
  const [program, ...words] = [...before, 'bash', '-euc', script];
  const run = execa(program, words, {
    cwd: cli.directory,
    env: cli.env,
    extendEnv: false,
    reject: false,
  });
  // Not awaited with the rest: it is thenable.
  return { run };
}

/** The command of a run has begun. */
async function ready({ directory }: Cli): Promise<void> {
  await expect.poll(() => existsSync(join(directory, 'ready')), { timeout: 60_000 }).toBe(true);
}

async function expectAddresses(cli: Cli, name: string): Promise<void> {
  const { data } = await cli.json<{ variables: Record<string, string> }>(['env', '--name', name]);
  const bootstrap = data.variables['KAFKA_BOOTSTRAP_SERVERS']!;
  expect(bootstrap).toMatch(new RegExp(`^${daemon.address.replaceAll('.', '\\.')}:\\d+$`));
  expect(data.variables['ZOOKEEPER_CONNECT']).toContain(`${daemon.address}:`);
  const machine = await cli.run(['connect', 'env', '--name', name, '--from', 'machine']);
  expect(machine.stdout).toContain(bootstrap);
  // On that machine, on no other address than the one that was asked for.
  const published = await daemon.docker('ps', '--format', '{{.Ports}}');
  const hosts = [...published.matchAll(/([^\s,]+):\d+->/g)].map(([, host]) => host);
  expect(new Set(hosts)).toEqual(new Set([daemon.address]));
}

/** None of them is told again where the cluster is. */
async function expectCommands(cli: Cli, name: string): Promise<void> {
  const commands = [
    ['status'],
    ['wait'],
    ['stop'],
    ['start'],
    ['smoke'],
    ['up', '--dry-run'],
    ['bundle', '--directory', 'bundles'],
  ];
  for (const words of commands) {
    const { exitCode, stdout, stderr } = await cli.run([...words, '--name', name]);
    expect(exitCode, `${words.join(' ')}: ${stderr}`).toBe(0);
    if (words[0] === 'up') expect(stdout).toContain('nothing to change');
    expect(stderr).not.toContain('not in the bundle');
  }
  expect(await bundlesIn(join(cli.directory, 'bundles'))).toHaveLength(1);
}

async function expectPortTaken(cli: Cli, name: string): Promise<void> {
  const { data } = await cli.json<{ bootstrapServers: string }>(['status', '--name', name]);
  const [, port = ''] = data.bootstrapServers.split(':');
  const other = ['up', '--name', projectName('taken'), ...upFlags.docker, '--kafka-port', port];
  const { exitCode, stderr } = await cli.run([...other, '--advertise', daemon.address]);
  expect(exitCode, stderr).toBe(5);
  expect(stderr).toContain(`${port}, for broker-1: held by container ${name}-broker-1-1`);
}

/** An option of Node.js by which it takes the time to be an hour and a minute later. */
async function anHourLater({ directory }: Cli): Promise<string> {
  const file = join(directory, 'later.mjs');
  await writeFile(file, 'const now = Date.now; Date.now = () => now() + 3_660_000;\n');
  return `--import=${file}`;
}

async function nothingIsLeft(cli: Cli, name: string): Promise<void> {
  const lists = [
    ['ps', '--all', '--quiet'],
    ['volume', 'ls', '--quiet'],
    ['network', 'ls', '--quiet', '--filter', 'type=custom'],
  ];
  const there = async (): Promise<string> =>
    (await Promise.all(lists.map(async (words) => await daemon.docker(...words)))).join('');
  await expect.poll(there, { timeout: 60_000 }).toBe('');
  expect(await leftInTheEnd(cli, name)).toEqual([]);
}

/** What a daemon that has ended has left on this machine. */
async function tracesOf({ directory, address }: OtherDaemon): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((pid) => /^\d+$/.test(pid));
  const lines = pids.map(
    async (pid) => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
  );
  const { stdout: namespaces } = await execa('ip', ['netns', 'list']);
  const { stdout: rules } = await execa('iptables-save');
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  return [
    ...(await Promise.all(lines)).filter((line) => line.includes(directory)),
    ...namespaces.split('\n').filter((line) => line.includes(`-${process.pid.toString(36)}`)),
    ...rules.split('\n').filter((line) => line.includes(address)),
    ...mounts.split('\n').filter((line) => line.includes(directory)),
    ...(existsSync(directory) ? [directory] : []),
  ];
}
