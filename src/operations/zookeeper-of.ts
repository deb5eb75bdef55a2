import type { ZooKeeperSession } from '../clients/zookeeper.js';
import { KclusterError, messageOf } from '../errors.js';
import { zookeeperConnect, type Topology } from '../topology/topology.js';

const requestTimeoutMs = 10_000;

/** A session with the cluster's ZooKeeper. @throws KclusterError `notReady` when it does not answer */
export async function withZooKeeperOf<T>(
  topology: Topology,
  body: (session: ZooKeeperSession) => Promise<T>,
): Promise<T> {
  const { withZooKeeper } = await import('../clients/zookeeper.js');
  try {
    return await withZooKeeper(zookeeperConnect(topology), requestTimeoutMs, body);
  } catch (error) {
    throw new KclusterError('notReady', `ZooKeeper did not answer: ${messageOf(error)}`, {
      hints: [`See what it says: \`kcluster logs --name ${topology.project}\`.`],
      cause: error,
    });
  }
}
