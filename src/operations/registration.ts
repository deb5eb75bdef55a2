import { nobodysQuotasRequest } from '../clients/protocol/client-quotas.js';
import { ask, ErrorCode } from '../clients/protocol/request.js';
import { controllerOf } from '../clients/znodes.js';
import type { ZooKeeperSession } from '../clients/zookeeper.js';
import { dialBy, probeBrokers } from '../readiness/readiness.js';
import { hostRoute } from '../readiness/routes.js';
import { notReady, whileAlive, type WaitContext } from '../readiness/wait.js';
import { pause, unlessAborted } from '../system/abort.js';
import { nodesOf, type BrokerNode } from '../topology/topology.js';
import { withZooKeeperOf } from './zookeeper-of.js';

const pollMs = 25;
/** Milliseconds that a broker may take for one answer; it waits for ZooKeeper before it gives one. */
const answerMs = 2000;

/**
 * Waits until every broker has a session with ZooKeeper, and takes the one for the controller that ZooKeeper does.
 * @throws KclusterError `startFailed` when a node ends, `notReady` at the deadline
 */
export async function awaitRegistered(context: WaitContext): Promise<void> {
  const services = nodesOf(context.topology).map(({ service }) => service);
  await whileAlive(context, services, async (signal) => {
    const wait = withZooKeeperOf(
      context.topology,
      async (session) => await awaitWithSession({ ...context, signal }, session),
    );
    await unlessAborted(wait, signal);
  });
}

async function awaitWithSession(context: WaitContext, session: ZooKeeperSession): Promise<void> {
  for (;;) {
    const lacks = await registrationsLack(context, session);
    if (lacks.length === 0) return;
    if (performance.now() > context.deadline) throw notReady(context, lacks);
    context.emit({ type: 'waiting', for: lacks.join('; ') });
    await pause(pollMs, context.signal);
  }
}

/**
 * In this order: a znode may be left of a session that is about to expire, but not of one that its broker has used. And
 * what a broker says of the controller is as old as its session, until the new one tells it.
 */
async function registrationsLack(
  context: WaitContext,
  session: ZooKeeperSession,
): Promise<string[]> {
  const { brokers } = context.topology;
  const answers = await Promise.all(brokers.map((broker) => hearsZooKeeper(context, broker)));
  const deaf = brokers.filter((_, index) => !answers[index]);
  if (deaf.length > 0)
    return deaf.map(({ service }) => `${service} has no session with ZooKeeper yet`);
  const registered = await session.children('/brokers/ids');
  const missing = brokers.filter(({ id }) => !registered.includes(String(id)));
  if (missing.length > 0) return missing.map(({ service }) => `${service} is not registered yet`);
  const controller = controllerOf(await session.read('/controller'));
  if (controller === undefined) return ['there is no controller yet'];
  const views = await probeBrokers(context.engine, context.topology, hostRoute);
  return [...views]
    .filter(([, view]) => view?.controller !== controller)
    .map(([service]) => `${service} does not know the controller yet`);
}

/** Whether a broker answers what it has to ask ZooKeeper for. */
async function hearsZooKeeper(
  { engine, topology }: WaitContext,
  { hostAddress }: BrokerNode,
): Promise<boolean> {
  const dial = dialBy(hostRoute, engine, topology);
  return await ask(hostAddress, dial, answerMs, nobodysQuotasRequest).then(
    ({ code }) => code !== ErrorCode.unknownServerError,
    () => false,
  );
}
