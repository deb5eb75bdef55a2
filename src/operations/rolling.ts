import type { Engine } from '../cluster/engine.js';
import { execute } from '../cluster/execute.js';
import { revivePlan } from '../cluster/revive.js';
import type { ComposeDocument } from '../compose/document.js';
import { KclusterError, messageOf } from '../errors.js';
import { probeBrokers, probeZooKeepers } from '../readiness/readiness.js';
import { hostRoute } from '../readiness/routes.js';
import type { Topology } from '../topology/topology.js';
import { clusterSteps } from './cluster-steps.js';
import type { OperationContext } from './context.js';
import type { LockedProject } from './locked.js';

/** The nodes that others would have to stand in for: the leader of the ensemble and the controller, as far as known. */
export async function leadersOf(engine: Engine, topology: Topology): Promise<string[]> {
  const [modes, views] = await Promise.all([
    probeZooKeepers(engine, topology),
    probeBrokers(engine, topology, hostRoute),
  ]);
  const leader = [...modes].find(([, mode]) => mode === 'leader')?.[0];
  const controller = [...views.values()].find((view) => view?.controller !== undefined)?.controller;
  const broker = topology.brokers.find(({ id }) => id === controller)?.service;
  return [leader, broker].filter((service) => service !== undefined);
}

/**
 * Runs the body, which changes a cluster that serves. When it is ended, the node that it had stopped comes back, so that
 * the cluster goes on serving; the next run of the command goes on from there.
 * @param document what nodes are made of that are gone
 * @param again the command that goes on
 */
export async function servingOnFailure<T>(
  context: OperationContext,
  { engine, observed: before }: LockedProject,
  { document, topology, again }: { document?: Services; topology: Topology; again: string },
  body: () => Promise<T>,
): Promise<T> {
  const { emit } = context;
  try {
    return await body();
  } catch (error) {
    if (error instanceof KclusterError && error.kind === 'interrupted')
      await revive(context, { engine, observed: before }, document, topology);
    emit({ type: 'notice', message: `\`${again}\` goes on from here` });
    throw error;
  }
}

type Services = Pick<ComposeDocument, 'services'>;

/** Its own failure must not hide the one that led to it. */
async function revive(
  { emit }: OperationContext,
  { engine, observed: before }: Pick<LockedProject, 'engine' | 'observed'>,
  document: Services | undefined,
  topology: Topology,
): Promise<void> {
  const { project } = before;
  try {
    const plan = revivePlan(document, before, await engine.observe(project));
    if (plan.stages.length === 0) return;
    emit({ type: 'notice', message: 'starting what this run has stopped; Ctrl-C leaves at once' });
    // A signal of its own: the one that was aborted must not end this as well.
    const { signal } = new AbortController();
    const performClusterStep = clusterSteps({ emit }, engine, topology, { timeout: 0 });
    await execute(plan, { engine, emit, signal, performClusterStep });
  } catch (error) {
    const message = `could not start what this run has stopped: ${messageOf(error)}`;
    emit({ type: 'warning', message: `${message}; \`kcluster up --name ${project}\` does` });
  }
}
