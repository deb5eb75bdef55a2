import { execa } from 'execa';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { projectName } from './engines.js';
import { isMet } from './require.js';
import { hasTool } from './tools.js';

/** Another machine, as far as the network goes: a network namespace with one cable to this one. */
export interface OtherMachine extends AsyncDisposable {
  /** The address by which it knows this machine. */
  address: string;
  /** The address by which this machine knows it. */
  ownAddress: string;
  /** A command line before another one, which then has its network, and the files and mounts of this machine. */
  inside: readonly string[];
  /** Runs a shell script there, with the files of this machine. */
  run(script: string): Promise<string>;
}

/**
 * Whether this user may plug one in; says aloud when not, since the tests that need one are skipped then.
 * @throws Error when $KCLUSTER_REQUIRE has `machine`
 */
export async function canPlugIn(): Promise<boolean> {
  return isMet('machine', 'the tests with another machine', await lackOfMachines());
}

async function lackOfMachines(): Promise<string | undefined> {
  if (!hasTool('ip')) return 'there is no ip (iproute2)';
  const name = projectName('probe');
  const { exitCode, stderr } = await ip(['netns', 'add', name], false);
  if (exitCode !== 0) return stderr;
  await ip(['netns', 'delete', name]);
  return undefined;
}

/**
 * Plugs a machine in.
 * @param name what it calls this machine; on this one nobody knows the name
 */
export async function otherMachine(name: string): Promise<OtherMachine> {
  const namespace = projectName('machine');
  const cable = `kct${process.pid.toString(36)}`;
  // RFC 2544 keeps 198.18.0.0/15 for tests of networks.
  const net = `198.18.${process.pid % 250}`;
  const address = `${net}.1`;
  const unplug = async (): Promise<void> => {
    // The cable goes with the namespace that its other end is in.
    await ip(['netns', 'delete', namespace], false);
    await rm(`/etc/netns/${namespace}`, { recursive: true, force: true });
  };
  try {
    await ip(['netns', 'add', namespace]);
    await ip(['link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace]);
    await ip(['address', 'add', `${address}/30`, 'dev', cable]);
    await ip(['link', 'set', cable, 'up']);
    await ip(['-n', namespace, 'address', 'add', `${net}.2/30`, 'dev', 'eth0']);
    await ip(['-n', namespace, 'link', 'set', 'eth0', 'up']);
    await ip(['-n', namespace, 'link', 'set', 'lo', 'up']);
    // `ip netns exec` lays these files over those of /etc.
    await mkdir(`/etc/netns/${namespace}`, { recursive: true });
    await writeFile(`/etc/netns/${namespace}/hosts`, `127.0.0.1 localhost\n${address} ${name}\n`);
  } catch (error) {
    await unplug();
    throw error;
  }
  return {
    address,
    ownAddress: `${net}.2`,
    inside: ['nsenter', `--net=/run/netns/${namespace}`],
    run: async (script) => {
      const { stdout } = await ip(['netns', 'exec', namespace, 'bash', '-euc', script]);
      return stdout;
    },
    [Symbol.asyncDispose]: unplug,
  };
}

async function ip(words: readonly string[], reject = true) {
  return await execa('ip', words, { reject });
}
