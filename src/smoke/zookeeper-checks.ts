import { controllerOf } from '../clients/znodes.js';
import type { ZooKeeperSession } from '../clients/zookeeper.js';
import type { Topology } from '../topology/topology.js';
import type { CheckBody } from './report.js';

/** A znode of this run is written, read back and removed. */
export function znodeCheck(session: ZooKeeperSession, runId: string): CheckBody {
  const path = `/kcluster-smoke-${runId}`;
  return {
    expected: `${path} holds "hello, world"`,
    async see() {
      await session.create(path, 'hello, world');
      try {
        const value = await session.read(path);
        return value === undefined ? `${path} is not there` : `${path} holds "${value}"`;
      } finally {
        await session.remove(path);
      }
    },
  };
}

/** Every broker, and no other, has its ephemeral znode under /brokers/ids. */
export function registrationCheck(session: ZooKeeperSession, topology: Topology): CheckBody {
  const text = (ids: readonly (number | string)[]): string =>
    `/brokers/ids has ${ids.length > 0 ? ids.join(', ') : 'no broker'}`;
  return {
    expected: text(topology.brokers.map(({ id }) => id)),
    async see() {
      const ids = await session.children('/brokers/ids');
      return text(ids.map(Number).sort((a, b) => a - b));
    },
  };
}

/** /controller names a broker of the cluster. */
export function controllerCheck(session: ZooKeeperSession, topology: Topology): CheckBody {
  const expected = 'one of the brokers is the controller';
  return {
    expected,
    async see() {
      const controller = controllerOf(await session.read('/controller'));
      if (controller === undefined) return 'there is no controller';
      const known = topology.brokers.some(({ id }) => id === controller);
      return known
        ? expected
        : `broker ${controller}, which is not of this cluster, is the controller`;
    },
  };
}
