import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { seconds } from '../report/words.js';
import { recoverTopology } from '../topology/recover.js';
import type { ClusterOptions, ProjectOptions } from '../operations/context.js';
import { startNodes, stopNodes } from '../operations/stop-start.js';
import type { CommandContext } from './context.js';
import { running } from './running.js';
import { timed, type TimingsOptions } from './timed.js';

/** `kcluster stop`: stops every node, brokers before ZooKeeper, and leaves them where they are. */
export async function stop(context: CommandContext, options: ProjectOptions): Promise<Outcome> {
  const begin = performance.now();
  const { engine, observed, changed } = await stopNodes(context, options, []);
  return {
    exitCode: ExitCode.ok,
    data: { cluster: observed.project, engine: engine.name, changed },
    text: () =>
      changed
        ? `cluster "${observed.project}" is stopped after ${seconds(performance.now() - begin)}`
        : `cluster "${observed.project}" does not run; nothing was changed`,
  };
}

/** `kcluster start`: starts the nodes of a stopped cluster and waits until it works. */
export async function start(
  context: CommandContext,
  options: ClusterOptions & TimingsOptions,
): Promise<Outcome> {
  return await timed(context, options, async (watched) => {
    const begin = performance.now();
    const { engine, observed, changed } = await startNodes(watched, options, []);
    return running(engine, recoverTopology(observed), changed, performance.now() - begin);
  });
}
