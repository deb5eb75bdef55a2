import { clientQuotasRequest } from '../clients/protocol/client-quotas.js';
import { apiVersionsRequest, isServed } from '../clients/protocol/diagnosis.js';
import { ask, ErrorCode } from '../clients/protocol/request.js';
import { until, type WaitContext } from '../readiness/wait.js';
import { unlessAborted } from '../system/abort.js';
import type { BrokerNode } from '../topology/topology.js';

const pollMs = 25;
/** A broker that has lost its connection takes up to two seconds to have it again, and answers no sooner. */
const answerMs = 5000;

/**
 * Waits until every broker has asked ZooKeeper something in a session that ZooKeeper keeps. A broker that was frozen goes on
 * with a session that may be over by then, and hears of it only when it asks: after two thirds of the session's time its
 * client leaves the connection by itself, and waits one to two seconds before it makes another (ClientCnxn.SendThread,
 * StaticHostProvider); meanwhile ZooKeeper may let the session expire, with the broker's znodes. Its metadata says nothing
 * of all that.
 * @throws KclusterError `notReady` at the deadline
 */
export async function awaitSessions(context: WaitContext): Promise<void> {
  const { brokers } = context.topology;
  await unlessAborted(
    Promise.all(brokers.map(async (broker) => await awaitSession(context, broker))),
    context.signal,
  );
}

async function awaitSession(context: WaitContext, broker: BrokerNode): Promise<void> {
  const lacks = [`${broker.service} has no session with ZooKeeper yet`];
  const probe = async (): Promise<string[]> =>
    (await hasAskedZooKeeper(context, broker)) ? [] : lacks;
  await until(context, probe, pollMs);
}

/**
 * A broker that refuses before it asks, as its authorizer may want, can't be known better; nor one that has no such question,
 * as before Kafka 2.6.
 */
async function hasAskedZooKeeper(
  { engine, topology }: WaitContext,
  { hostAddress }: BrokerNode,
): Promise<boolean> {
  const dial = (to: typeof hostAddress): ReturnType<typeof engine.dial> =>
    engine.dial(topology.project, 'host', to);
  try {
    const apis = await ask(hostAddress, dial, answerMs, apiVersionsRequest);
    if (!isServed(clientQuotasRequest, apis)) return true;
    const { code } = await ask(hostAddress, dial, answerMs, clientQuotasRequest);
    return code !== ErrorCode.unknownServerError;
  } catch {
    return false;
  }
}
