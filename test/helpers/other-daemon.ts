import { execa } from 'execa';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canPlugIn, otherMachine } from './machine.js';
import { canRun, isMet } from './require.js';
import { hasTool } from './tools.js';

/** A Docker daemon on another machine, as far as the network goes. */
export interface OtherDaemon extends AsyncDisposable {
  /** Its machine, as this one knows it. */
  address: string;
  /** For DOCKER_HOST. */
  host: string;
  /** Where all of its files are, and nothing else. */
  directory: string;
  /** Runs a command of the docker CLI on it. */
  docker(...words: string[]): Promise<string>;
}

/** Whether one can be started here; says aloud when not. @throws Error as `canPlugIn` */
export async function canRunOtherDaemon(): Promise<boolean> {
  if (!(await canRun('docker')) || !(await canPlugIn())) return false;
  const missing = ['dockerd', 'docker', 'nsenter', 'unshare'].filter((name) => !hasTool(name));
  const lack = missing.length === 0 ? undefined : `there is no ${missing.join(', ')}`;
  return isMet('machine', 'the tests with a Docker daemon on another machine', lack);
}

/**
 * Starts a daemon on a machine that is plugged in, with images of this machine's daemon. Its mounts are its own, and so
 * are its rules of iptables: they go with it.
 */
export async function otherDaemon(images: readonly string[]): Promise<OtherDaemon> {
  const machine = await otherMachine('client.test');
  const directory = await mkdtemp(join(tmpdir(), 'kct-daemon-'));
  const host = `tcp://${machine.ownAddress}:2375`;
  const daemon = await start(machine.inside, directory, host);
  const end = async (): Promise<void> => {
    try {
      if (daemon.exitCode === null && daemon.signalCode === null) {
        daemon.kill('SIGTERM');
        await once(daemon, 'exit');
      }
    } finally {
      await machine[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    }
  };
  const env = { DOCKER_HOST: host };
  try {
    await answering(daemon, host, directory);
    await execa('docker', ['save', ...images], { buffer: false }).pipe('docker', ['load'], { env });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    address: machine.ownAddress,
    host,
    directory,
    docker: async (...words) => (await execa('docker', words, { env })).stdout,
    [Symbol.asyncDispose]: end,
  };
}

async function start(
  inside: readonly string[],
  directory: string,
  host: string,
): Promise<ChildProcess> {
  const settings = join(directory, 'daemon.json');
  await writeFile(settings, '{}');
  const log = await open(join(directory, 'log'), 'w');
  const words = [
    ...[...inside, 'unshare', '--mount', '--propagation', 'slave', 'dockerd'],
    ...['--config-file', settings, '--pidfile', join(directory, 'pid')],
    ...['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')],
    // A containerd of the system may be shared with the machine's own daemon.
    ...['--containerd-namespace', 'kct', '--containerd-plugins-namespace', 'kct-plugins'],
    // Without a word on TLS it waits for 15 s, as a warning.
    ...['--tls=false', '--host', host],
  ];
  const daemon = spawn(words[0]!, words.slice(1), { stdio: ['ignore', log.fd, log.fd] });
  await once(daemon, 'spawn');
  await log.close();
  return daemon;
}

const answerLimitMs = 30_000;

async function answering(daemon: ChildProcess, host: string, directory: string): Promise<void> {
  const url = `${host.replace('tcp:', 'http:')}/_ping`;
  for (const deadline = performance.now() + answerLimitMs; ; await sleep(50)) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (daemon.exitCode === null && performance.now() < deadline) continue;
    const log = await readFile(join(directory, 'log'), 'utf8');
    throw new Error(`no Docker daemon at ${host}: ${log.split('\n').slice(-10).join('\n')}`);
  }
}
