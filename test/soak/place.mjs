// A place of its own for runs of kcluster: every directory that it may write to, and what has been left there.
import { execFile, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const main = new URL('../../dist/main.js', import.meta.url).pathname;
const exec = promisify(execFile);
const cache = process.env.KCLUSTER_CACHE ?? join(homedir(), '.cache', 'kcluster');
const project = 'com.docker.compose.project';

/** How long somebody may take who is about to remove the notes of the dead. */
const noteMs = 5000;

/**
 * Whether what is left is a note by which a process tells others that it runs. Of a process that was killed before there
 * was a lease, or of a reaper that was killed after the last one, it stays until the next command that removes a cluster;
 * nobody takes it for anything.
 */
export function isNote(left) {
  return /^file state\/(locks|reapers)\//.test(left);
}

export class Place {
  /** Ports that runs have chosen here, since the last look for what is left. */
  #ports = new Set();
  /** The sockets that have been looked at. */
  #seen = new Set();
  #watch;

  constructor(engine) {
    this.engine = engine;
    this.directory = mkdtempSync(join(tmpdir(), 'kcluster-soak-'));
    this.state = join(this.directory, 'state');
    for (const name of ['state', 'home', 'tmp', 'work', 'logs', 'bundles'])
      mkdirSync(join(this.directory, name));
    this.#watch = setInterval(() => this.#notePorts(), 50);
  }

  /** Starts `kcluster run` for a cluster of that name. */
  start(name, command) {
    const images = this.engine === 'docker' ? ['--images', 'local'] : [];
    const log = openSync(this.log(name), 'w');
    const flags = ['--name', name, '--engine', this.engine, ...images];
    // A start that fails by a killed node is to leave one.
    const bundle = ['--bundle', join(this.directory, 'bundles')];
    const words = ['run', ...flags, ...bundle, '--', ...command];
    const child = spawn(process.execPath, [main, ...words], {
      cwd: join(this.directory, 'work'),
      env: { ...this.#env(), KCLUSTER_SOAK: name },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    return { child, ended };
  }

  log(name) {
    return join(this.directory, 'logs', name);
  }

  /** The last lines that a run has written. */
  tail(name) {
    return readFileSync(this.log(name), 'utf8').trimEnd().split('\n').slice(-8);
  }

  async kcluster(...words) {
    await exec(process.execPath, [main, ...words], { env: this.#env() }).catch(() => undefined);
  }

  /** The processes of a run: `kcluster`, its `command`, the nodes; and the `reaper` that watches here. */
  async tree(name) {
    const nodes = this.engine === 'docker' ? await containerProcesses(name) : [];
    return [...processes().flatMap((each) => this.#named(each, name)), ...nodes];
  }

  #named({ pid, command, environment }, name) {
    if (isReaper(command)) return this.#isHere(environment) ? [{ kind: 'reaper', pid }] : [];
    if (command.includes(`${this.state}/clusters/${name}/`)) return [{ kind: 'node', pid }];
    if (!environment.includes(`KCLUSTER_SOAK=${name}\0`)) return [];
    return [{ kind: command.includes('main.js\0') ? 'kcluster' : 'command', pid }];
  }

  /** What is there once everything is over; without a name: of any cluster. Empty directories are nothing. */
  async left(name) {
    const others = this.engine === 'docker' && (await leases()) > 0;
    return [
      ...(this.engine === 'docker' && name ? await dockerLeft(name) : []),
      ...this.#processesLeft(name, others),
      ...filesIn(this.state)
        .filter((path) => !(others && path.startsWith('reapers/')))
        .map((path) => `file state/${path}`),
      ...filesIn(join(this.directory, 'tmp')).map((path) => `file tmp/${path}`),
      ...filesIn(join(this.directory, 'home')).map((path) => `file home/${path}`),
      ...filesIn(join(this.directory, 'work')).map((path) => `file work/${path}`),
      ...this.#portsLeft(),
    ];
  }

  /** Waits until nothing is left; resolves to what is left after the time, in milliseconds. */
  async settle(name, timeout) {
    const begin = Date.now();
    for (;;) {
      const left = await this.left(name);
      if (left.length === 0) this.#ports.clear();
      const patience = left.every(isNote) ? Math.min(timeout, noteMs) : timeout;
      if (left.length === 0 || Date.now() > begin + patience) return left;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  close() {
    clearInterval(this.#watch);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A reaper goes on while anybody's cluster of the daemon has a lease. */
  #processesLeft(name, others) {
    return processes()
      .filter(({ command, environment }) => {
        if (isReaper(command)) return !others && this.#isHere(environment);
        if (command.includes(`${this.state}/clusters/`)) return true;
        return name ? environment.includes(`KCLUSTER_SOAK=${name}\0`) : this.#isHere(environment);
      })
      .map(({ pid, command }) => `process ${pid}: ${command.replaceAll('\0', ' ').slice(0, 120)}`);
  }

  #isHere(environment) {
    return environment.includes(`KCLUSTER_STATE=${this.state}\0`);
  }

  #portsLeft() {
    const listening = new Set([...listeners()]);
    return [...this.#ports].filter((port) => listening.has(port)).map((port) => `port ${port}`);
  }

  /** A run holds the UDP port of each number that it has chosen. */
  #notePorts() {
    const held = heldPorts().filter(({ inode }) => !this.#seen.has(inode));
    if (held.length === 0) return;
    for (const { inode } of held) this.#seen.add(inode);
    const own = new Set(
      processes()
        .filter(({ environment }) => this.#isHere(environment))
        .flatMap(({ pid }) => socketsOf(pid)),
    );
    for (const { port, inode } of held) if (own.has(inode)) this.#ports.add(port);
  }

  #env() {
    const { PATH, LANG, JAVA_HOME } = process.env;
    return {
      PATH,
      ...(LANG && { LANG }),
      ...(JAVA_HOME && { JAVA_HOME }),
      HOME: join(this.directory, 'home'),
      TMPDIR: join(this.directory, 'tmp'),
      KCLUSTER_CACHE: cache,
      KCLUSTER_STATE: this.state,
    };
  }
}

function isReaper(command) {
  return command.includes('main.js\0reaper\0');
}

/** Those that run, with command line and environment as the kernel has them. */
function processes() {
  return namesIn('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command === '') return [];
      return [
        { pid: Number(pid), command, environment: readFileSync(`/proc/${pid}/environ`, 'utf8') },
      ];
    } catch {
      // It has ended, or is another user's.
      return [];
    }
  });
}

/** UDP sockets that are bound to a port of the loopback interface. */
function heldPorts() {
  return readFileSync('/proc/net/udp', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.startsWith('0100007F:'))
    .map((fields) => ({ port: parseInt(fields[1].split(':')[1], 16), inode: fields[9] }));
}

/** The inodes of a process's sockets. */
function socketsOf(pid) {
  return namesIn(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).match(/^socket:\[(\d+)\]$/)?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

/** Ports on which somebody listens, on any address. */
function* listeners() {
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6'])
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      // 0A is TCP_LISTEN.
      if (state === '0A') yield parseInt(local.split(':')[1], 16);
    }
}

async function docker(...words) {
  const { stdout } = await exec('docker', words);
  return stdout.split('\n').filter(Boolean);
}

async function dockerLeft(name) {
  const filter = ['--quiet', '--filter', `label=${project}=${name}`];
  const [containers, networks, volumes] = await Promise.all([
    docker('ps', '--all', ...filter),
    docker('network', 'ls', ...filter),
    docker('volume', 'ls', ...filter),
  ]);
  return [
    ...containers.map((id) => `container ${id}`),
    ...networks.map((id) => `network ${id}`),
    ...volumes.map((id) => `volume ${id}`),
  ];
}

async function containerProcesses(name) {
  const ids = await docker('ps', '--quiet', '--filter', `label=${project}=${name}`);
  if (ids.length === 0) return [];
  // One may be gone by now.
  const pids = await docker('inspect', '--format', '{{.State.Pid}}', ...ids).catch(() => []);
  return pids
    .map(Number)
    .filter(Boolean)
    .map((pid) => ({ kind: 'node', pid }));
}

async function leases() {
  return (await docker('volume', 'ls', '--quiet', '--filter', 'label=io.kcluster.lease')).length;
}

/** Paths in a directory; what is removed while it is read is not there. */
function filesIn(directory) {
  return entriesIn(directory).flatMap((entry) =>
    entry.isDirectory()
      ? filesIn(join(directory, entry.name)).map((path) => join(entry.name, path))
      : [entry.name],
  );
}

function entriesIn(directory) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function namesIn(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
