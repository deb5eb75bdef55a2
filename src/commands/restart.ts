import { changesAnything } from '../cluster/reconcile.js';
import { restartPlan, rollingRestartPlan } from '../cluster/restart.js';
import type { ObservedProject } from '../cluster/observed.js';
import { Label } from '../compose/labels.js';
import { KclusterError } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { recoverTopology } from '../topology/recover.js';
import { carryOut } from '../operations/carry-out.js';
import type { ClusterOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { assertExists, withProject, type LockedProject } from '../operations/locked.js';
import { chosenNodes } from '../operations/nodes.js';
import { leadersOf, servingOnFailure } from '../operations/rolling.js';
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
      : await atOnce(context, options, project, services);
    return running(engine, recoverTopology(observed), changed, performance.now() - begin);
  });
}

/** Nodes that do not run and are not named stay as they are, and are not waited for. */
async function atOnce(
  context: CommandContext,
  { timeout }: RestartOptions,
  { engine, observed }: LockedProject,
  services: readonly string[],
): Promise<boolean> {
  const nodes = observed.nodes.filter(
    ({ service, state }) => state === 'running' || services.includes(service),
  );
  assertZooKeeperServes(services, nodes);
  const there: ObservedProject = { ...observed, nodes };
  const plan = restartPlan(there, services);
  await carryOut(plan, context, engine, recoverTopology(there), { timeout });
  return changesAnything(plan);
}

/** @throws KclusterError `conflict` for a broker that no ZooKeeper would serve */
function assertZooKeeperServes(services: readonly string[], awake: ObservedProject['nodes']): void {
  const [broker] = services.filter((service) => service.startsWith('broker-'));
  if (broker === undefined || awake.some(({ labels }) => labels[Label.role] === 'zookeeper'))
    return;
  throw new KclusterError('conflict', `no ZooKeeper runs, and ${broker} can't start without one`, {
    hints: ['Start every node with `kcluster start`.'],
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
