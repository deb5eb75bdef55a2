import { notFoundCode, runCommand, whyNotRun } from '../children/command.js';
import { clientEnvironment } from '../connect/environment.js';
import { KclusterError, messageOf } from '../errors.js';
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
  const options = { ...flags, command: command.join(' ') } as unknown as RunOptions;
  const [program, ...args] = await runnable(command, context.env);
  const cluster = await raiseOwn(context, options);
  const exitCode = await onCluster(context, cluster, [program, ...args]);
  if (exitCode !== 0 && options.keepOnFailure) await kept(context, cluster);
  else await cluster.remove();
  return { exitCode, data: undefined, text: () => '' };
}
