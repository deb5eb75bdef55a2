import { controllerOf } from '../clients/znodes.js';
import type { ZooKeeperSession } from '../clients/zookeeper.js';
import { probeBrokers } from '../readiness/readiness.js';
import { hostRoute } from '../readiness/routes.js';
import { until, whileAlive, type WaitContext } from '../readiness/wait.js';
import { unlessAborted } from '../system/abort.js';
import { nodesOf } from '../topology/topology.js';
import { withZooKeeperOf } from './zookeeper-of.js';
import { awaitSessions } from './zookeeper-sessions.js';

const pollMs = 25;

/**
 * Waits until every broker has a session that ZooKeeper keeps and is registered by it, and takes the one for the controller
 * that ZooKeeper does. The sessions come first: what ZooKeeper shows of a broker until then may be of a session that is about
 * to expire.
 * @throws KclusterError `startFailed` when a node ends, `notReady` at the deadline
 */
export async function awaitRegistered(context: WaitContext): Promise<void> {
  const { topology } = context;
  const services = nodesOf(topology).map(({ service }) => service);
  await whileAlive(context, services, async (signal) => {
    const watched = { ...context, signal };
    await awaitSessions(watched);
    const wait = withZooKeeperOf(topology, async (session) => {
      await until(watched, async () => await registrationsLack(watched, session), pollMs);
    });
    await unlessAborted(wait, signal);
  });
}

/** What a broker says of the controller is as old as its session, until the new one tells it. */
async function registrationsLack(
  { engine, topology }: WaitContext,
  session: ZooKeeperSession,
): Promise<string[]> {
  const registered = await session.children('/brokers/ids');
  const missing = topology.brokers.filter(({ id }) => !registered.includes(String(id)));
  if (missing.length > 0) return missing.map(({ service }) => `${service} is not registered yet`);
  const controller = await registeredController(session);
  if (controller === undefined) return ['there is no controller yet'];
  const views = await probeBrokers(engine, topology, hostRoute);
  return [...views]
    .filter(([, view]) => view?.controller !== controller)
    .map(([service]) => `${service} does not know the controller yet`);
}

/** A controller that came back with another session is none before it is elected by that one. */
async function registeredController(session: ZooKeeperSession): Promise<number | undefined> {
  const controller = await session.look('/controller');
  const id = controllerOf(controller?.data.toString('utf8'));
  if (id === undefined) return undefined;
  const broker = await session.look(`/brokers/ids/${id}`);
  return broker?.stat.ephemeralOwner === controller?.stat.ephemeralOwner ? id : undefined;
}
