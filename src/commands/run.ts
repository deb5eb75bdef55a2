import { notFoundCode, runCommand, whyNotRun } from '../children/command.js';
import { KclusterError, type FailureKind } from '../errors.js';
import { environmentOf } from '../operations/environment.js';
import { raiseOwn, type OwnCluster, type OwnOptions } from '../operations/own.js';
import type { Outcome } from '../report/outcome.js';
import type { CommandContext } from './context.js';

interface RunOptions extends OwnOptions {
  keepOnFailure?: boolean;
}

/** `kcluster run -- COMMAND`: a cluster for as long as the command runs; ends with the command's exit code. */
export async function run(
  context: CommandContext,
  command: readonly string[],
  flags: Record<string, unknown>,
): Promise<Outcome> {
  await assertRunnable(command, context.env);
  const options = { ...flags, command: command.join(' ') } as unknown as RunOptions;
  const cluster = await raiseOwn(context, withoutOuterName(options, context.env));
  const exitCode = await onCluster(context, cluster, command);
  if (exitCode !== 0 && options.keepOnFailure) await keep(context, cluster);
  else await cluster.remove();
  // Stdout is the command's.
  return { exitCode, data: undefined, text: () => '' };
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

/** Within a run, the environment has the name of the cluster that is there already. */
function withoutOuterName(options: RunOptions, env: NodeJS.ProcessEnv): RunOptions {
  const { givenName, ...others } = options;
  const isOuter = env['KCLUSTER_RUN'] !== undefined && givenName === env['KCLUSTER_NAME'];
  return isOuter ? others : options;
}

/** Runs the command with the settings of the cluster in its environment. */
async function onCluster(
  { env, emit, interrupts }: CommandContext,
  { name, mark, project: { engine } }: OwnCluster,
  words: readonly string[],
): Promise<number> {
  const command = words.join(' ');
  const [program = '', ...args] = words;
  const variables = environmentOf(engine.name, await engine.observe(name));
  emit({ type: 'command-started', command });
  const begin = performance.now();
  const exitCode = await runCommand({
    program,
    args,
    env: { ...env, ...variables, KCLUSTER_RUN: mark },
    divert: (receiver) => interrupts.divert(receiver),
  });
  emit({ type: 'command-ended', command, exitCode, ms: performance.now() - begin });
  return exitCode;
}

async function keep({ emit }: CommandContext, { name, keep: stay }: OwnCluster): Promise<void> {
  await stay();
  const message = `cluster "${name}" is kept: look with \`kcluster status --name ${name}\`, remove it with \`kcluster down --volumes --name ${name}\``;
  emit({ type: 'notice', message });
}
