import { EventLog } from '../bundle/event-log.js';
import { notFoundCode, runCommand, whyNotRun } from '../children/command.js';
import { markVariable } from '../children/marked.js';
import { interrupted, KclusterError, messageOf, type FailureKind } from '../errors.js';
import { environmentOf } from '../operations/environment.js';
import { bundleFailure, type Failure } from '../operations/failure-bundle.js';
import { raiseOwn, type OwnCluster } from '../operations/own.js';
import type { Outcome } from '../report/outcome.js';
import type { CommandContext } from './context.js';
import type { OwnRun, OwnRunEnd, RunOptions } from './own-run.js';
import { assertNoMatrixFlags, isMatrix, runMatrix } from './run-matrix.js';
import { runTold } from './run-told.js';

/** `kcluster run -- COMMAND`: a cluster for as long as the command runs; ends with the command's exit code. */
export async function run(
  context: CommandContext,
  command: readonly string[],
  flags: Record<string, unknown>,
): Promise<Outcome> {
  await assertRunnable(command, context.env);
  const given = { ...flags, command: command.join(' ') } as unknown as RunOptions;
  const options = withoutOuterName(given, context.env);
  if (isMatrix(options)) return await runMatrix(context, command, options, runOwn);
  assertNoMatrixFlags(options);
  const exitCode = await runTold(context, command, options, runOwn);
  // Stdout is the command's.
  return { exitCode, data: undefined, text: () => '' };
}

/** Makes a cluster, runs the command on it, and removes it whatever happens, unless it is to be kept. */
async function runOwn(
  context: CommandContext,
  options: RunOptions,
  run: OwnRun,
): Promise<OwnRunEnd> {
  const { recorded, keepFailure } = withBundles(context, options, run);
  const cluster = await raiseOwn(recorded, {
    ...options,
    onFailure: async ({ observed, signal, ...failed }) =>
      await keepFailure({ ...failed, name: observed.project }, signal),
  });
  run.started?.(cluster.ms);
  const end = await endOn(recorded, cluster, run);
  const failed = end.exitCode !== 0 && !end.wasStopped;
  if (failed) await keepFailure(failureOf(cluster), context.signal);
  if (failed && options.keepOnFailure) await keep(recorded, cluster);
  else await remove(recorded, cluster);
  return end;
}

/** @throws KclusterError `usage`, before a cluster is made for what can't be run */
async function assertRunnable(command: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [program] = command;
  if (program === undefined)
    throw new KclusterError('usage', 'the command is missing that the cluster is for', {
      hints: ['Name it after two dashes: `kcluster run -- npm test`.'],
    });
  const why = await whyNotRun(program, env);
  if (why === undefined) return;
  const kind: FailureKind = why === notFoundCode ? 'commandNotFound' : 'commandNotExecutable';
  const what = why === notFoundCode ? 'there is no command' : 'no program is';
  throw new KclusterError(kind, `${what} "${program}"`, {
    hints: ['A line for the shell is run by one: `kcluster run -- sh -c "make test | tee log"`.'],
  });
}

/** The context with its events recorded, and what makes the bundle of a failure, whose path is told last. */
function withBundles(
  context: CommandContext,
  { bundle }: RunOptions,
  { tellBundle }: OwnRun,
): {
  recorded: CommandContext;
  keepFailure: (failure: Failure, signal: AbortSignal) => Promise<void>;
} {
  const events = new EventLog();
  const recorded = { ...context, emit: events.recording(context.emit) };
  const keepFailure = async (failure: Failure, signal: AbortSignal): Promise<void> => {
    if (bundle === false) return;
    const wish = { events, ...(bundle !== undefined && { directory: bundle }) };
    const path = await bundleFailure({ ...recorded, signal }, failure, wish);
    if (path !== undefined) tellBundle(path);
  };
  return { recorded, keepFailure };
}

/** Within a run, the environment has the name of the cluster that is there already. */
function withoutOuterName(options: RunOptions, env: NodeJS.ProcessEnv): RunOptions {
  const { givenName, ...others } = options;
  const isOuter = env[markVariable] !== undefined && givenName === env['KCLUSTER_NAME'];
  return isOuter ? others : options;
}

/** How the command ended; where it could not even begin, the cluster is removed. */
async function endOn(
  context: CommandContext,
  cluster: OwnCluster,
  run: OwnRun,
): Promise<OwnRunEnd> {
  try {
    return await onCluster(context, cluster, run);
  } catch (error) {
    await remove(context, cluster);
    throw error;
  }
}

/** Runs the command with the settings of the cluster in its environment. */
async function onCluster(
  { env, emit, signal }: CommandContext,
  { name, mark, project: { engine } }: OwnCluster,
  { command: words, variables: more, divert, output }: OwnRun,
): Promise<OwnRunEnd> {
  const command = words.join(' ');
  const [program = '', ...args] = words;
  const variables = environmentOf(engine.name, await engine.observe(name));
  if (signal.aborted) throw interrupted();
  emit({ type: 'command-started', command });
  const begin = performance.now();
  const end = await runCommand({
    program,
    args,
    env: { ...env, ...variables, ...more, [markVariable]: mark },
    divert,
    ...(output && { output }),
  });
  const ms = performance.now() - begin;
  emit({ type: 'command-ended', command, exitCode: end.exitCode, ms });
  return { ...end, ms };
}

/** The cluster as the command has left it. */
function failureOf({ name, project, design, plan }: OwnCluster): Failure {
  const { engine } = project;
  const { topology, rendered, spec, layers } = design;
  return { engine, name, topology, document: rendered.document, spec: { spec, layers }, plan };
}

async function keep({ emit }: CommandContext, { name, keep: stay }: OwnCluster): Promise<void> {
  await stay();
  const message = `cluster "${name}" is kept: look with \`kcluster status --name ${name}\`, remove it with \`kcluster down --volumes --name ${name}\``;
  emit({ type: 'notice', message });
}

/** The command has the word on how the run ended; what is left of the cluster has its lease, which is over by then. */
async function remove({ emit }: CommandContext, cluster: OwnCluster): Promise<void> {
  try {
    await cluster.remove();
  } catch (error) {
    const message = `could not remove cluster "${cluster.name}", which is tried again in the background: ${messageOf(error)}`;
    emit({ type: 'warning', message });
  }
}
