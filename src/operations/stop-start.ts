import type { Engine } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { Plan } from '../cluster/plan.js';
import { changesAnything } from '../cluster/reconcile.js';
import { restartPlan } from '../cluster/restart.js';
import { startPlan } from '../cluster/start.js';
import { stopPlan } from '../cluster/teardown.js';
import { Label } from '../compose/labels.js';
import { KclusterError } from '../errors.js';
import { recoverTopology } from '../topology/recover.js';
import { carryOut } from './carry-out.js';
import type { ClusterOptions, OperationContext, ProjectOptions } from './context.js';
import { assertExists, withProject, type LockedProject } from './locked.js';
import { chosenNodes } from './nodes.js';
import { assertInReach } from './reach.js';

/** A cluster some of whose nodes were stopped or started. */
export interface Changed {
  engine: Engine;
  /** What was there before. */
  observed: ObservedProject;
  changed: boolean;
}

/**
 * Stops nodes, brokers before ZooKeeper, and leaves them where they are; every node when none is named.
 * @throws KclusterError `conflict` when there is no such cluster, `usage` for a name that no node has
 */
export async function stopNodes(
  context: OperationContext,
  options: ProjectOptions,
  names: readonly string[],
): Promise<Changed> {
  return await onChosen(context, options, names, async (project, services) => {
    const { observed } = project;
    const nodes = observed.nodes.filter(({ service }) => services.includes(service));
    const plan = stopPlan({ ...observed, nodes }, 'as asked for');
    return await perform(context, project, observed, plan, 0);
  });
}

/**
 * Starts nodes that do not run, every one when none is named, and waits until those that run work together.
 * @throws KclusterError as `stopNodes`; `conflict` for a broker without any ZooKeeper, `startFailed`, `notReady`
 */
export async function startNodes(
  context: OperationContext,
  options: ClusterOptions,
  names: readonly string[],
): Promise<Changed> {
  return await onChosen(context, options, names, async (project, services) => {
    assertInReach(project.engine, project.observed);
    const there = awake(project.observed, services);
    return await perform(context, project, there, startPlan(there), options.timeout);
  });
}

/** Stops nodes, all at once, and starts them again. @throws KclusterError as `startNodes` */
export async function restartNodes(
  context: OperationContext,
  options: ClusterOptions,
  names: readonly string[],
): Promise<Changed> {
  return await onChosen(context, options, names, async (project, services) =>
    restartAtOnce(context, options, project, services),
  );
}

/** The same where the project is locked already. */
export async function restartAtOnce(
  context: OperationContext,
  { timeout }: ClusterOptions,
  project: LockedProject,
  services: readonly string[],
): Promise<Changed> {
  assertInReach(project.engine, project.observed);
  const there = awake(project.observed, services);
  return await perform(context, project, there, restartPlan(there, services), timeout);
}

/** Runs the body on the nodes that are named, or all of them, while no other run changes the cluster. */
async function onChosen(
  context: OperationContext,
  options: ProjectOptions,
  names: readonly string[],
  body: (project: LockedProject, services: readonly string[]) => Promise<Changed>,
): Promise<Changed> {
  return await withProject(context, options, async (project) => {
    assertExists(project.observed);
    return await body(project, chosenNodes(project.observed, names));
  });
}

async function perform(
  context: OperationContext,
  { engine, observed }: LockedProject,
  there: ObservedProject,
  plan: Plan,
  timeout: number,
): Promise<Changed> {
  await carryOut(plan, context, engine, recoverTopology(there), { timeout });
  return { engine, observed, changed: changesAnything(plan) };
}

/**
 * The cluster with the nodes that run or are named: others stay as they are, and are not waited for.
 * @throws KclusterError `conflict` for a broker that no ZooKeeper would serve
 */
function awake(observed: ObservedProject, services: readonly string[]): ObservedProject {
  const nodes = observed.nodes.filter(
    ({ service, state }) => state === 'running' || services.includes(service),
  );
  const [broker] = services.filter((service) => service.startsWith('broker-'));
  if (broker !== undefined && !nodes.some(({ labels }) => labels[Label.role] === 'zookeeper'))
    throw new KclusterError(
      'conflict',
      `no ZooKeeper runs, and ${broker} can't start without one`,
      { hints: ['Start every node with `kcluster start`.'] },
    );
  return { ...observed, nodes };
}
