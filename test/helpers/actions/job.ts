import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Expressions, type Contexts } from './expressions.js';
import { readVariables } from './file-commands.js';
import { readAction, type Step } from './metadata.js';
import { standIns } from './stand-ins.js';

type Status = 'success' | 'failure' | 'cancelled';

/** A step that was come to. */
interface StepResult {
  outcome: Status | 'skipped';
  outputs: Record<string, string>;
}

/** Steps that know each other: those of a job, or of one action. */
interface Scope {
  inputs: Record<string, string>;
  steps: Record<string, StepResult>;
  /** For an action: its directory, and how it is with it alone. */
  action?: { directory: string; status: Status };
}

export interface JobOptions {
  /** With the workspace, and RUNNER_TEMP, of this job in it. */
  directory: string;
  /** What caches and artifacts are kept in. */
  services: string;
  env: Record<string, string>;
  /** Directories of actions by what `uses` says, without a version. */
  actions: Record<string, string>;
  /** Of the job; none by default. */
  matrix?: Record<string, string>;
  /** False for a job in a container, which does not see the runner's process. */
  hasWorker?: boolean;
}

const workerScript = fileURLToPath(new URL('worker.mjs', import.meta.url));

/**
 * Runs steps as a job of GitHub Actions does: each step by its shell, with the files by which steps tell the runner of
 * variables, paths, outputs and summaries. `close` ends what would be the runner's process of the job.
 */
export class Job {
  readonly services: string;
  readonly workspace: string;
  readonly temp: string;
  /** Of later steps. */
  readonly variables: Record<string, string> = {};
  /** In front of PATH. */
  readonly path: string[] = [];
  /** Each question to the cache. */
  readonly lookups: { key: string; path: string; isHit: boolean }[] = [];
  status: Status = 'success';
  summary = '';
  readonly #options: JobOptions;
  readonly #scope: Scope = { inputs: {}, steps: {} };
  readonly #log: string;
  #worker: ChildProcess | undefined;

  constructor(options: JobOptions) {
    this.#options = options;
    this.services = options.services;
    this.workspace = join(options.directory, 'work space');
    this.temp = join(options.directory, '_temp');
    this.#log = join(options.directory, 'log');
  }

  /** Runs steps in their order, whatever becomes of each; resolves to what all of them wrote. */
  async run(steps: readonly Step[]): Promise<string> {
    await mkdir(this.workspace, { recursive: true });
    await mkdir(this.temp, { recursive: true });
    for (const step of steps) await this.#step(step, this.#scope);
    return await readFile(this.#log, 'utf8').catch(() => '');
  }

  /** The outputs of a step of the job. */
  outputs(id: string): Record<string, string> {
    return this.#scope.steps[id]?.outputs ?? {};
  }

  /** The pid of the process that every step descends from. */
  get workerPid(): number {
    return this.#worker!.pid!;
  }

  async close(): Promise<void> {
    if (!this.#worker || this.#worker.exitCode !== null || this.#worker.signalCode) return;
    this.#worker.kill('SIGKILL');
    await once(this.#worker, 'exit');
  }

  async #step(step: Step, scope: Scope): Promise<void> {
    const expressions = this.#expressions(scope, step);
    const result: StepResult = { outcome: 'skipped', outputs: {} };
    if (step.id !== undefined) scope.steps[step.id] = result;
    if (!expressions.holds(step.if)) return;
    result.outcome = 'success';
    try {
      result.outputs = await this.#perform(step, scope, expressions, result.outputs);
    } catch (error) {
      // The runner tells it in this way, too.
      appendFileSync(this.#log, `##[error]${String(error)}\n`);
      result.outcome = 'failure';
      if (step['continue-on-error']) return;
      if (scope.action) scope.action.status = 'failure';
      else if (this.status === 'success') this.status = 'failure';
    }
  }

  async #perform(
    step: Step,
    scope: Scope,
    expressions: Expressions,
    outputs: Record<string, string>,
  ): Promise<Record<string, string>> {
    if (step.run !== undefined) return await this.#runStep(step, scope, expressions, outputs);
    const inputs = filled(step.with, expressions);
    const name = step.uses!.replace(/@.*$/, '');
    const directory = this.#options.actions[name];
    if (directory !== undefined) return await this.#composite(directory, inputs, outputs);
    const standIn = standIns[name];
    if (!standIn) throw new Error(`there is no action ${name}`);
    return await standIn(this, inputs);
  }

  /** Outputs are told also when it fails. */
  async #composite(
    directory: string,
    given: Record<string, string>,
    outputs: Record<string, string>,
  ): Promise<Record<string, string>> {
    const { inputs, outputs: told, runs } = readAction(directory);
    const unknown = Object.keys(given).filter((name) => !(name in inputs));
    if (unknown.length > 0) throw new Error(`there is no input ${unknown.join(', ')}`);
    const defaults = Object.entries(inputs).map(([name, input]) => [name, input.default ?? '']);
    const scope: Scope = {
      inputs: { ...(Object.fromEntries(defaults) as Record<string, string>), ...given },
      steps: {},
      action: { directory, status: 'success' },
    };
    for (const step of runs.steps) await this.#step(step, scope);
    const expressions = this.#expressions(scope, {});
    for (const [name, { value }] of Object.entries(told)) outputs[name] = expressions.fill(value);
    if (scope.action!.status !== 'success') throw new Error('the action has failed');
    return outputs;
  }

  /** What a step has told of before it failed counts. */
  async #runStep(
    { run = '', shell, env, 'working-directory': folder = '.' }: Step,
    { action }: Scope,
    expressions: Expressions,
    outputs: Record<string, string>,
  ): Promise<Record<string, string>> {
    const files = await this.#files();
    const script = join(this.temp, `${randomUUID()}.sh`);
    await writeFile(script, expressions.fill(run));
    const options = shell === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
    const exitCode = await this.#inWorker(['bash', ...options, script], {
      cwd: resolve(this.workspace, expressions.fill(folder)),
      env: {
        ...this.#options.env,
        ...this.#runnerVariables(action?.directory),
        ...files,
        ...this.variables,
        ...filled(env, expressions),
        PATH: [...this.path, this.#options.env['PATH']].join(delimiter),
      },
    });
    const read = async (name: string) => await readFile(files[name]!, 'utf8');
    Object.assign(this.variables, readVariables(await read('GITHUB_ENV')));
    Object.assign(outputs, readVariables(await read('GITHUB_OUTPUT')));
    this.path.unshift(...(await read('GITHUB_PATH')).split('\n').filter(Boolean).toReversed());
    this.summary += await read('GITHUB_STEP_SUMMARY');
    if (exitCode !== 0) throw new Error(`Process completed with exit code ${exitCode}.`);
    return outputs;
  }

  async #files(): Promise<Record<string, string>> {
    const folder = join(this.temp, '_runner_file_commands');
    await mkdir(folder, { recursive: true });
    const names = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'];
    const files = names.map((name) => [name, join(folder, `${name}_${randomUUID()}`)] as const);
    for (const [, file] of files) await writeFile(file, '');
    return Object.fromEntries(files);
  }

  #runnerVariables(action: string | undefined): Record<string, string> {
    return {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: this.workspace,
      RUNNER_TEMP: this.temp,
      RUNNER_OS: 'Linux',
      RUNNER_ARCH: 'X64',
      RUNNER_TRACKING_ID: `github_${randomUUID()}`,
      ...(action !== undefined && { GITHUB_ACTION_PATH: action }),
    };
  }

  /** Resolves to the exit code; when the worker is killed, the step has no end. */
  async #inWorker(
    args: readonly string[],
    { cwd, env }: { cwd: string; env: Record<string, string> },
  ): Promise<number> {
    const isSeen = this.#options.hasWorker ?? true;
    this.#worker ??= spawn(process.execPath, [workerScript], {
      // As in the process list of a runner.
      argv0: isSeen ? '/opt/actions runner/bin/Runner.Worker' : 'sh',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#worker.send({ args, cwd, env, log: this.#log });
    const [answer] = (await once(this.#worker, 'message')) as [
      { exitCode: number } | { error: string },
    ];
    if ('error' in answer) throw new Error(answer.error);
    return answer.exitCode;
  }

  #expressions({ inputs, steps, action }: Scope, { env = {} }: Step): Expressions {
    const scoped = action?.status ?? this.status;
    const contexts: Contexts = {
      inputs,
      steps: steps as unknown as Contexts,
      job: { status: this.status },
      matrix: this.#options.matrix ?? {},
      env: { ...this.variables },
      runner: { temp: this.temp, os: 'Linux', arch: 'X64' },
    };
    const own = new Expressions(contexts, {});
    Object.assign(contexts['env']!, filled(env, own));
    return new Expressions(contexts, {
      success: () => scoped === 'success',
      failure: () => scoped === 'failure',
      cancelled: () => this.status === 'cancelled',
      always: () => true,
    });
  }
}

function filled(values: Step['with'], expressions: Expressions): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, expressions.fill(String(value))]),
  );
}
