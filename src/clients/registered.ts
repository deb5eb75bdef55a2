import { formatAddress, type Address } from '../topology/address.js';
import { endpointsOf } from './znodes.js';
import { withZooKeeper } from './zookeeper.js';

/**
 * The endpoints of all brokers that are registered in the ZooKeeper at an address, `LISTENER://HOST:PORT` each.
 * Undefined when it does not tell in time.
 */
export async function registeredEndpoints(
  zookeeper: Address,
  timeoutMs: number,
): Promise<string[] | undefined> {
  try {
    return await withZooKeeper(formatAddress(zookeeper), timeoutMs, async (session) => {
      const ids = await session.children('/brokers/ids');
      const values = await Promise.all(ids.map((id) => session.read(`/brokers/ids/${id}`)));
      return values.flatMap(endpointsOf);
    });
  } catch {
    return undefined;
  }
}
