import type { Engine } from '../cluster/engine.js';
import { execute } from '../cluster/execute.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { Plan } from '../cluster/plan.js';
import { changesAnything } from '../cluster/reconcile.js';
import { startPlan } from '../cluster/start.js';
import { stopPlan } from '../cluster/teardown.js';
import { ExitCode } from '../errors.js';
import { clusterText } from '../report/cluster-text.js';
import type { Outcome } from '../report/outcome.js';
import { seconds } from '../report/words.js';
import { recoverTopology } from '../topology/recover.js';
import { describeCluster } from './addresses.js';
import { clusterSteps } from './cluster-steps.js';
import type { ClusterOptions, CommandContext, ProjectOptions } from './context.js';
import { assertExists, withProject } from './locked.js';

/** `kcluster stop`: stops every node, brokers before ZooKeeper, and leaves them where they are. */
export async function stop(context: CommandContext, options: ProjectOptions): Promise<Outcome> {
  const begin = performance.now();
  return await withProject(context, options, async ({ engine, observed }) => {
    assertExists(observed);
    const plan = stopPlan(observed, '`kcluster stop`');
    await run(context, 0, engine, observed, plan);
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
    await run(context, options.timeout, engine, observed, plan);
    return started(engine, observed, changesAnything(plan), performance.now() - begin);
  });
}

/** `kcluster restart`: stops every node and starts it again. */
export async function restart(context: CommandContext, options: ClusterOptions): Promise<Outcome> {
  const begin = performance.now();
  return await withProject(context, options, async ({ engine, observed }) => {
    assertExists(observed);
    await run(context, options.timeout, engine, observed, stopPlan(observed, '`kcluster restart`'));
    const stopped = await engine.observe(observed.project);
    await run(context, options.timeout, engine, observed, startPlan(stopped));
    return started(engine, observed, true, performance.now() - begin);
  });
}

async function run(
  context: CommandContext,
  timeout: number,
  engine: Engine,
  observed: ObservedProject,
  plan: Plan,
): Promise<void> {
  const performClusterStep = clusterSteps(context, engine, recoverTopology(observed), timeout);
  await execute(plan, { ...context, engine, performClusterStep });
}

function started(engine: Engine, observed: ObservedProject, changed: boolean, ms: number): Outcome {
  const cluster = describeCluster(engine.name, recoverTopology(observed));
  const headline = changed
    ? `cluster "${observed.project}" is up after ${seconds(ms)}`
    : `cluster "${observed.project}" is up already; nothing was changed`;
  return {
    exitCode: ExitCode.ok,
    data: { ...cluster, changed, ms: Math.round(ms) },
    text: (style) => [style.strong(headline), clusterText(cluster)].join('\n'),
  };
}
