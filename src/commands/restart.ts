import { changesAnything } from '../cluster/reconcile.js';
import { rollingRestartPlan } from '../cluster/restart.js';
import type { Outcome } from '../report/outcome.js';
import { recoverTopology } from '../topology/recover.js';
import { carryOut } from '../operations/carry-out.js';
import type { ClusterOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { assertExists, withProject, type LockedProject } from '../operations/locked.js';
import { chosenNodes } from '../operations/nodes.js';
import { leadersOf, servingOnFailure } from '../operations/rolling.js';
import { restartAtOnce } from '../operations/stop-start.js';
import { running } from './running.js';

interface RestartOptions extends ClusterOptions {
  rolling?: boolean;
}

/** `kcluster restart`: stops nodes and starts them again, all of them or some, at once or one after the other. */
export async function restart(
  context: CommandContext,
  names: readonly string[],
  flags: Record<string, unknown>,
): Promise<Outcome> {
  const options = flags as unknown as RestartOptions;
  const begin = performance.now();
  return await withProject(context, options, async (project) => {
    const { engine, observed } = project;
    assertExists(observed);
    const services = chosenNodes(observed, names);
    const changed = options.rolling
      ? await rollOver(context, options, project, services)
      : (await restartAtOnce(context, options, project, services)).changed;
    return running(engine, recoverTopology(observed), changed, performance.now() - begin);
  });
}

async function rollOver(
  context: CommandContext,
  { timeout, name }: RestartOptions,
  project: LockedProject,
  services: readonly string[],
): Promise<boolean> {
  const { engine, observed } = project;
  const topology = recoverTopology(observed);
  const plan = rollingRestartPlan(observed, services, { last: await leadersOf(engine, topology) });
  const again = `kcluster restart --rolling --name ${name}`;
  await servingOnFailure(context, project, { topology, again }, async () => {
    await carryOut(plan, context, engine, topology, { timeout, each: true });
  });
  return changesAnything(plan);
}
