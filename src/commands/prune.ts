import { ExitCode } from '../errors.js';
import { prune as removeLeft } from '../operations/prune.js';
import type { Outcome } from '../report/outcome.js';
import { table } from '../report/table.js';
import type { CommandContext } from './context.js';

interface PruneOptions {
  dryRun?: boolean;
}

/** `kcluster prune`: removes the clusters that dead owners have left, and nothing else. */
export async function prune(context: CommandContext, options: PruneOptions): Promise<Outcome> {
  const { engines, unavailable } = await context.engines.available();
  for (const { reason } of unavailable)
    context.emit({ type: 'notice', message: `not asked: ${reason.message}` });
  const { removed, leased } = await removeLeft(context, engines, options);
  const done = options.dryRun ? 'would be removed' : 'removed';
  return {
    exitCode: ExitCode.ok,
    data: { removed, leased, engines: engines.map(({ name }) => name) },
    text: (style) =>
      [
        ...(removed.length === 0
          ? ['nothing was left behind']
          : [
              table(
                ['NAME', 'ENGINE', done.toUpperCase()],
                removed.map(({ cluster, engine, cause }) => [cluster, engine, cause]),
                style,
              ),
            ]),
        ...(leased === 0 ? [] : [style.faint(`${leased} with a lease that is not over: kept`)]),
      ].join('\n'),
  };
}
