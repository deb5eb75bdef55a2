import type { Engine } from '../cluster/engine.js';
import { assertOurs } from '../cluster/guard.js';
import type { ObservedProject } from '../cluster/observed.js';
import { KclusterError } from '../errors.js';
import { probeHealth } from '../readiness/health.js';
import { deadNode, nodesLack, type Lacks } from '../readiness/readiness.js';
import { awaitBrokers, awaitZooKeepers, deathOf, notReady } from '../readiness/wait.js';
import { pause, unlessAborted } from '../system/abort.js';
import { recoverTopology } from '../topology/recover.js';
import type { Topology } from '../topology/topology.js';
import type { ClusterOptions, OperationContext } from './context.js';
import { assertInReach } from './reach.js';

/** A cluster that works. */
export interface Working {
  engine: Engine;
  topology: Topology;
  /** How long it was waited for, in milliseconds. */
  ms: number;
}

/** A wait under way. */
interface Watch {
  context: OperationContext;
  options: ClusterOptions;
  /** By `performance.now()`. */
  deadline: number;
  /** The services whose process it has seen alive. */
  ran: Set<string>;
}

type Selection = Awaited<ReturnType<OperationContext['engines']['select']>>;

const pauseMs = 250;

/**
 * Waits until a cluster works that somebody else starts; until then it need not even be there. Nothing is changed, and
 * no lock is taken: another run may be at work on it.
 * @throws KclusterError `notReady` at the end of the time, `startFailed` when a node has died, `conflict` for a project
 * that is not kcluster's, `interrupted`
 */
export async function awaitCluster(
  context: OperationContext,
  options: ClusterOptions,
): Promise<Working> {
  const begin = performance.now();
  const deadline = begin + options.timeout * 1000;
  const watch: Watch = { context, options, deadline, ran: new Set() };
  for (let isFirst = true; ; isFirst = false) {
    const selection = await select(watch);
    const lacks = await lacksOf(selection, watch);
    if (lacks.length === 0) {
      const { engine, observed } = selection;
      return { engine, topology: recoverTopology(observed), ms: performance.now() - begin };
    }
    if (performance.now() > deadline) throw inVain(selection, lacks);
    if (isFirst) context.emit({ type: 'notice', message: `waiting: ${lacks.join('; ')}` });
    context.emit({ type: 'waiting', for: lacks.join('; ') });
    await pause(pauseMs, context.signal);
  }
}

async function select({ context, options }: Watch): Promise<Selection> {
  const selecting = context.engines.select(options.name, options.engine);
  return await unlessAborted(selecting, context.signal);
}

/** What the cluster lacks; where its nodes run, that is waited for here. */
async function lacksOf({ engine, observed }: Selection, watch: Watch): Promise<Lacks> {
  const { signal, emit } = watch.context;
  assertOurs(observed);
  assertInReach(engine, observed);
  const topology = recoverTopology(observed);
  const waiting = { engine, topology, deadline: watch.deadline, signal, emit, takesBack: false };
  const dead = deadNode(observed, watch.ran);
  if (dead) throw await deathOf(waiting, dead.service, dead.exitCode);
  for (const { service, state } of observed.nodes) if (state === 'running') watch.ran.add(service);
  const lacks = nodesLack(observed);
  if (lacks.length > 0) return lacks;
  await awaitZooKeepers(waiting);
  await awaitBrokers(waiting);
  return await problemsNow(watch, observed);
}

/** Nodes may have come or gone meanwhile; the cluster that works is the one that is there now. */
async function problemsNow(watch: Watch, before: ObservedProject): Promise<Lacks> {
  const { engine, observed } = await select(watch);
  const known = new Set(before.nodes.map(({ service }) => service));
  const added = observed.nodes.filter(({ service }) => !known.has(service));
  if (observed.nodes.length === 0) return nodesLack(observed);
  if (added.length > 0) return added.map(({ service }) => `${service} has come`);
  const probing = probeHealth(engine, recoverTopology(observed), observed);
  return (await unlessAborted(probing, watch.context.signal)).problems;
}

function inVain({ observed, unasked }: Selection, lacks: Lacks): KclusterError {
  const { project, nodes } = observed;
  if (nodes.length > 0)
    return notReady({ topology: recoverTopology(observed), takesBack: false }, lacks);
  return new KclusterError('notReady', `there was no cluster "${project}" in time`, {
    details: unasked.map(({ message }) => message),
    hints: [
      `Start it with \`kcluster up --name ${project}\`.`,
      'See what is there with `kcluster list`.',
    ],
  });
}
