import type { ZooKeeperSession } from '../clients/zookeeper.js';
import { notReady, type WaitContext } from '../readiness/wait.js';
import { pause, unlessAborted } from '../system/abort.js';
import { withZooKeeperOf } from './zookeeper-of.js';

const pollMs = 25;

/**
 * Waits until ZooKeeper has a session of each broker, and one of all brokers is the controller.
 * @throws KclusterError `notReady` at the deadline
 */
export async function awaitRegistered(
  context: WaitContext,
  brokerIds: readonly number[],
): Promise<void> {
  const { topology, signal, deadline, emit } = context;
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
  const [registered, root] = await Promise.all([
    session.children('/brokers/ids'),
    session.children('/'),
  ]);
  return [
    ...brokerIds
      .filter((id) => !registered.includes(String(id)))
      .map((id) => `broker-${id} is not registered yet`),
    ...(root.includes('controller') ? [] : ['there is no controller yet']),
  ];
}
