import { execa, type Result, type ResultPromise } from 'execa';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineName } from '../../src/cluster/engine.js';
import { codeOf } from '../../src/errors.js';
import type { Event } from '../../src/report/events.js';

/** The built program. */
export const main = new URL('../../dist/main.js', import.meta.url).pathname;

/** The jars of earlier tests are used again; a test of downloads names a cache of its own. */
const sharedCache = process.env['KCLUSTER_CACHE'] ?? join(homedir(), '.cache', 'kcluster');

export interface RunResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The built binary in a directory, with a state directory, of its own. */
export class Cli {
  readonly directory: string;
  readonly env: Record<string, string>;

  constructor(directory: string, env: Record<string, string>) {
    this.directory = directory;
    this.env = env;
  }

  /** Runs a command line to its end. */
  async run(args: readonly string[], env: Record<string, string> = {}): Promise<RunResult> {
    const result = await this.spawn(args, env);
    return outcomeOf(result);
  }

  /** Runs a command line with `--output json`; its stdout must be one JSON document. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the test says what it reads
  async json<T = Record<string, unknown>>(
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<{ exitCode: number; data: T; stderr: string }> {
    const { exitCode, stdout, stderr } = await this.run(withJson(args), env);
    return { exitCode, data: JSON.parse(stdout) as T, stderr };
  }

  /** Runs a command line with a text on stdin. */
  async pipe(text: string, args: readonly string[]): Promise<RunResult> {
    return outcomeOf(await this.spawn(args, {}, text));
  }

  spawn(args: readonly string[], env: Record<string, string> = {}, input?: string) {
    return execa(process.execPath, [main, ...args], {
      cwd: this.directory,
      env: { ...this.env, ...env },
      extendEnv: false,
      reject: false,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    });
  }

  /**
   * Starts a command line with `--output json`, and resolves once an event satisfies the test: a run that is in the
   * middle of something.
   * @throws Error when the run ends before
   */
  async until(
    args: readonly string[],
    test: (event: Event) => boolean,
    env: Record<string, string> = {},
    input?: string,
  ): Promise<{ child: ResultPromise; ended: Promise<RunResult> }> {
    const child = this.spawn(withJson(args), env, input);
    const ended = child.then(outcomeOf);
    const reached = new Promise<void>((resolve) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (line.startsWith('{') && test(JSON.parse(line) as Event)) resolve();
      });
    });
    const early = ended.then((result) => {
      throw new Error(`ended before the event: ${JSON.stringify(result)}`);
    });
    await Promise.race([reached, early]);
    early.catch(() => undefined);
    return { child, ended };
  }
}

/** The words after two dashes are another program's. */
function withJson(args: readonly string[]): string[] {
  const dashes = args.indexOf('--');
  const own = dashes < 0 ? args : args.slice(0, dashes);
  return [...own, '--output', 'json', ...(dashes < 0 ? [] : args.slice(dashes))];
}

function outcomeOf(result: Result): RunResult {
  return {
    exitCode: result.exitCode ?? -1,
    stdout: String(result.stdout),
    stderr: String(result.stderr),
  };
}

/** A Cli in a fresh temporary directory; `dispose` removes it. */
export async function makeCli(
  engine: EngineName | undefined,
  env: Record<string, string> = {},
): Promise<Cli & AsyncDisposable> {
  const directory = await mkdtemp(join(tmpdir(), 'kcluster-test-'));
  const keep = [
    'PATH',
    'HOME',
    'JAVA_HOME',
    'KCLUSTER_MAVEN_REPOSITORY',
    'LANG',
    'NODE_EXTRA_CA_CERTS',
    'KCLUSTER_ARCHIVES',
  ];
  const inherited = keep.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  await mkdir(join(directory, 'state'));
  const cli = new Cli(directory, {
    ...Object.fromEntries(inherited),
    KCLUSTER_STATE: join(directory, 'state'),
    KCLUSTER_CACHE: sharedCache,
    ...(engine && { KCLUSTER_ENGINE: engine }),
    ...env,
  });
  return Object.assign(cli, {
    // A reaper that is about to leave may write here for a moment.
    [Symbol.asyncDispose]: async () =>
      await rm(directory, { recursive: true, force: true, maxRetries: 10 }),
  });
}

/**
 * What a project has left on the machine: containers, networks and volumes of Docker, a lease among them; processes that
 * name the state directory on their command line or in their environment, such as a reaper or the command of a run;
 * files in the state directory.
 */
export async function leftovers(cli: Cli, project: string): Promise<string[]> {
  return [
    ...(await dockerLeftovers(project)),
    ...(await processesNaming(join(cli.directory, 'state'))),
    ...(await filesIn(join(cli.directory, 'state'))),
  ];
}

/** The same when whoever cleans up in the background has had time for it: what is left then stays. */
export async function leftInTheEnd(cli: Cli, project: string): Promise<string[]> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const left = await leftovers(cli, project);
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(100);
  }
}

async function dockerLeftovers(project: string): Promise<string[]> {
  const kinds = [
    ['container', 'ls', '--all'],
    ['network', 'ls'],
    ['volume', 'ls'],
  ];
  const filter = `label=com.docker.compose.project=${project}`;
  const found = await Promise.all(
    kinds.map(async (words) => {
      const result = await execa('docker', [...words, '--quiet', '--filter', filter], {
        reject: false,
      });
      return result.exitCode === 0 && result.stdout !== ''
        ? result.stdout.split('\n').map((id) => `${words[0]} ${id}`)
        : [];
    }),
  );
  return found.flat();
}

/** Processes, but for this one and its command's, whose command line or environment has the text. */
async function processesNaming(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return line.includes(text) || environment.includes(`=${text}\0`)
        ? [`process ${pid}: ${line.replaceAll('\0', ' ').slice(0, 200)}`]
        : [];
    }),
  );
  return found.flat();
}

/** What is removed while it is read is not there. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const found = entries.map(async (entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? await filesIn(path) : [`file ${path}`];
  });
  return (await Promise.all(found)).flat();
}
