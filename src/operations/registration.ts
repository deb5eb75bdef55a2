import type { ZooKeeperSession } from '../clients/zookeeper.js';
import { notReady, type WaitContext } from '../readiness/wait.js';
import { pause, unlessAborted } from '../system/abort.js';
import { awaitSessions } from './zookeeper-sessions.js';
import { withZooKeeperOf } from './zookeeper-of.js';

const pollMs = 25;

/**
 * Waits until brokers that were frozen have sessions that ZooKeeper keeps and are registered by them, and one of all
 * brokers is the controller. The sessions come first: what ZooKeeper shows of a broker until then may be of a session that
 * is about to expire.
 * @throws KclusterError `notReady` at the deadline
 */
export async function awaitRegistered(
  context: WaitContext,
  brokerIds: readonly number[],
): Promise<void> {
  const { topology, signal, deadline, emit } = context;
  await awaitSessions(context, brokerIds);
  const wait = withZooKeeperOf(topology, async (session) => {
    for (;;) {
      const lacks = await registrationsLack(session, brokerIds);
      if (lacks.length === 0) return;
      if (performance.now() > deadline) throw notReady(context, lacks);
      emit({ type: 'waiting', for: lacks.join('; ') });
      await pause(pollMs, signal);
    }
  });
  await unlessAborted(wait, signal);
}

async function registrationsLack(
  session: ZooKeeperSession,
  brokerIds: readonly number[],
): Promise<string[]> {
  const [registered, hasController] = await Promise.all([
    session.children('/brokers/ids'),
    controllerIsRegistered(session),
  ]);
  return [
    ...brokerIds
      .filter((id) => !registered.includes(String(id)))
      .map((id) => `broker-${id} is not registered yet`),
    ...(hasController ? [] : ['there is no controller yet']),
  ];
}

/** A controller that came back with another session is none before it is elected by that one. */
async function controllerIsRegistered(session: ZooKeeperSession): Promise<boolean> {
  const { controllerOf } = await import('../clients/znodes.js');
  const controller = await session.look('/controller');
  const id = controllerOf(controller?.data.toString('utf8'));
  if (id === undefined) return false;
  const broker = await session.look(`/brokers/ids/${id}`);
  return broker?.stat.ephemeralOwner === controller?.stat.ephemeralOwner;
}
