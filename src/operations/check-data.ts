import { clusterIdOf } from '../clients/znodes.js';
import type { Role } from '../cluster/changes.js';
import type { Engine } from '../cluster/engine.js';
import {
  assertBrokerData,
  assertZooKeeperData,
  dataFiles,
  type FoundData,
  type NodeWithData,
} from '../cluster/own-data.js';
import type { Topology } from '../topology/topology.js';
import { withZooKeeperOf } from './zookeeper-of.js';

/**
 * Looks at the data of nodes that are created and do not run.
 * @throws KclusterError `conflict` for data that is of something else; `notReady` when ZooKeeper does not answer
 */
export async function checkData(
  engine: Engine,
  topology: Topology,
  role: Role,
  nodes: readonly NodeWithData[],
): Promise<void> {
  const { project } = topology;
  const found = await Promise.all(
    nodes.map(async (node) => await find(engine, project, role, node)),
  );
  const files = found.flat();
  if (role === 'zookeeper') return assertZooKeeperData(project, files);
  if (files.length === 0) return;
  const znode = await withZooKeeperOf(
    topology,
    async (session) => await session.read('/cluster/id'),
  );
  assertBrokerData(project, files, clusterIdOf(znode));
}

/** None where the node has no data yet. */
async function find(
  engine: Engine,
  project: string,
  role: Role,
  node: NodeWithData,
): Promise<FoundData[]> {
  const files = await Promise.all(
    dataFiles(role, node).map(async (file) => ({
      ...file,
      content: (await engine.readFile(project, node.service, file.path))?.toString('utf8'),
    })),
  );
  return files.flatMap(({ content, ...file }) =>
    content === undefined ? [] : { ...file, content },
  );
}
