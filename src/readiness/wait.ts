import type { Engine } from '../cluster/engine.js';
import { KclusterError } from '../errors.js';
import type { Emit } from '../report/events.js';
import { anyOf, pause } from '../system/abort.js';
import { nodesOf, type Topology } from '../topology/topology.js';
import { findRoutes } from './routes.js';
import {
  brokersLack,
  probeBrokers,
  probeZooKeepers,
  zookeepersLack,
  type Lacks,
} from './readiness.js';

export interface WaitContext {
  engine: Engine;
  topology: Topology;
  /** When to give up, by `performance.now()`. */
  deadline: number;
  signal: AbortSignal;
  emit: Emit;
  /** Whether a failed run takes back what it made, unless `--keep`. */
  takesBack: boolean;
}

/** Whose wait has failed. */
type Blame = Pick<WaitContext, 'topology' | 'takesBack'>;

/** Waits until the ensemble serves. @throws KclusterError `startFailed` when a node ends, `notReady` at the deadline */
export async function awaitZooKeepers(context: WaitContext): Promise<void> {
  const services = context.topology.zookeepers.map((node) => node.service);
  await whileAlive(context, services, (signal) =>
    until({ ...context, signal }, async () =>
      zookeepersLack(await probeZooKeepers(context.engine, context.topology)),
    ),
  );
}

/**
 * Waits until the brokers are ready for clients of one listener after the other, those on the host first. A listener
 * that some do not have, since they are still to be replaced, is none to wait for.
 * @throws KclusterError `startFailed` when a node ends, `notReady` at the deadline
 */
export async function awaitBrokers(context: WaitContext): Promise<void> {
  const { engine, topology } = context;
  const services = nodesOf(topology).map((node) => node.service);
  await whileAlive(context, services, async (signal) => {
    for (const route of await findRoutes(topology)) {
      if (!topology.brokers.every((broker) => route.advertised(broker))) continue;
      await until({ ...context, signal }, async () =>
        brokersLack(topology, await probeBrokers(engine, topology, route), route),
      );
    }
  });
}

const firstPauseMs = 10;
const longestPauseMs = 250;
/** So slowly that a wait is longer than it had to be by a fiftieth at most. */
const growth = 1.02;

/**
 * Waits until a probe finds that nothing is lacking.
 * @param longestMs of the pauses between two probes, which grow
 * @throws KclusterError `notReady` at the deadline
 */
export async function until(
  context: WaitContext,
  probe: () => Promise<Lacks>,
  longestMs = longestPauseMs,
): Promise<void> {
  const tell = telling(context.emit);
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestMs, pauseMs * growth)) {
    const lacks = await probe();
    if (lacks.length === 0) return;
    if (performance.now() > context.deadline) throw notReady(context, lacks);
    tell(lacks.join('; '));
    await pause(pauseMs, context.signal);
  }
}

const tellAgainMs = 250;

/** Tells what is lacking when it changes, and now and then: the end of other work clears it from the screen. */
function telling(emit: Emit): (lacking: string) => void {
  let last = { lacking: '', at: 0 };
  return (lacking) => {
    const at = performance.now();
    if (lacking === last.lacking && at - last.at < tellAgainMs) return;
    last = { lacking, at };
    emit({ type: 'waiting', for: lacking });
  };
}

/** The failure of a wait that was in vain. */
export function notReady(context: Blame, lacks: Lacks): KclusterError {
  const { project } = context.topology;
  return new KclusterError('notReady', `cluster "${project}" was not ready in time`, {
    details: lacks,
    hints: ['Give it longer with `--timeout SECONDS`.', lookAtLogs(context)],
  });
}

function lookAtLogs({ topology, takesBack }: Blame): string {
  const look = `ook at \`kcluster logs --name ${topology.project}\`.`;
  return takesBack ? `Keep what was made with \`--keep\`, and l${look}` : `L${look}`;
}

/** Runs `body`, and ends it at once when one of the services' processes ends. */
export async function whileAlive(
  context: WaitContext,
  services: readonly string[],
  body: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { engine, topology, signal } = context;
  const over = new AbortController();
  const inner = anyOf(signal, over.signal);
  const deaths = services.map(async (service): Promise<never> => {
    const status = await engine.exited(topology.project, service, inner);
    throw await deathOf(context, service, status.code ?? status.signal);
  });
  const work = body(inner);
  try {
    await Promise.race([work, ...deaths]);
  } finally {
    over.abort();
    await Promise.allSettled([work, ...deaths]);
  }
}

const lastLines = 15;

/** The failure of a wait for a cluster of which a node has ended, with the node's last lines. */
export async function deathOf(
  context: Blame & Pick<WaitContext, 'engine'>,
  service: string,
  exit: number | string | undefined,
): Promise<KclusterError> {
  const { engine, topology } = context;
  const details: string[] = [];
  for await (const { line } of engine.logs(topology.project, service, { tail: lastLines }))
    details.push(line);
  const how = exit === undefined ? 'ended' : `ended with ${exit}`;
  return new KclusterError('startFailed', `${service} ${how} while the cluster was starting`, {
    details: details.length > 0 ? [`last lines of ${service}:`, ...details] : [],
    hints: [lookAtLogs(context)],
  });
}
