import { changesAnything } from '../cluster/reconcile.js';
import { startPlan } from '../cluster/start.js';
import { stopPlan } from '../cluster/teardown.js';
import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { seconds } from '../report/words.js';
import { recoverTopology } from '../topology/recover.js';
import { carryOut } from '../operations/carry-out.js';
import type { ClusterOptions, ProjectOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { assertExists, withProject } from '../operations/locked.js';
import { running } from './running.js';

/** `kcluster stop`: stops every node, brokers before ZooKeeper, and leaves them where they are. */
export async function stop(context: CommandContext, options: ProjectOptions): Promise<Outcome> {
  const begin = performance.now();
  return await withProject(context, options, async ({ engine, observed }) => {
    assertExists(observed);
    const plan = stopPlan(observed, '`kcluster stop`');
    const topology = recoverTopology(observed);
    await carryOut(plan, context, engine, topology, { timeout: 0 });
    const changed = changesAnything(plan);
    return {
      exitCode: ExitCode.ok,
      data: { cluster: observed.project, engine: engine.name, changed },
      text: () =>
        changed
          ? `cluster "${observed.project}" is stopped after ${seconds(performance.now() - begin)}`
          : `cluster "${observed.project}" does not run; nothing was changed`,
    };
  });
}

/** `kcluster start`: starts the nodes of a stopped cluster and waits until it works. */
export async function start(context: CommandContext, options: ClusterOptions): Promise<Outcome> {
  const begin = performance.now();
  return await withProject(context, options, async ({ engine, observed }) => {
    assertExists(observed);
    const plan = startPlan(observed);
    const topology = recoverTopology(observed);
    await carryOut(plan, context, engine, topology, options);
    return running(engine, topology, changesAnything(plan), performance.now() - begin);
  });
}
