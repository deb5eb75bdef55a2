import { parseVolume } from '../compose/document.js';
import { KclusterError } from '../errors.js';
import type { Role } from './changes.js';

/** A node whose data is to be looked at before it starts. */
export interface NodeWithData {
  service: string;
  /** ZooKeeper's `myid` or Kafka's `broker.id`. */
  id: number;
  /** Mounted named volumes, each `VOLUME:/PATH`. */
  volumes: readonly string[];
}

/** A place where a node's data may say whose it is. */
export interface DataFile {
  service: string;
  id: number;
  volume: string;
  path: string;
}

const fileNames: Record<Role, string> = { zookeeper: 'myid', broker: 'meta.properties' };

/** Where to look: images keep their data at the mount, or in a directory below it. Pure. */
export function dataFiles(role: Role, { service, id, volumes }: NodeWithData): DataFile[] {
  return volumes.map(parseVolume).flatMap(({ volume, target }) =>
    [target, `${target}/data`, `${target}/${id}`].map((directory) => ({
      service,
      id,
      volume,
      path: `${directory}/${fileNames[role]}`,
    })),
  );
}

/** A data file, and what it holds. */
export interface FoundData extends DataFile {
  content: string;
}

/**
 * Refuses brokers' data of another cluster, or of another broker. Kafka itself would exit on it, but would have given a
 * new id to a ZooKeeper that knows no cluster by then (KafkaServer.startup), and nothing would fit together any more.
 * @param clusterId what /cluster/id of ZooKeeper says; undefined when it has none
 * @throws KclusterError `conflict` that names every such volume
 */
export function assertBrokerData(
  project: string,
  found: readonly FoundData[],
  clusterId: string | undefined,
): void {
  const problems = found.flatMap(({ volume, id, content }) => {
    const meta = properties(content);
    const [cluster, broker] = [meta.get('cluster.id'), meta.get('broker.id')];
    if (cluster !== undefined && cluster !== clusterId) {
      return clusterId === undefined
        ? [`volume ${volume} is of cluster ${cluster}, and ZooKeeper knows no cluster`]
        : [`volume ${volume} is of cluster ${cluster}, ZooKeeper of cluster ${clusterId}`];
    }
    if (broker === undefined || broker === String(id)) return [];
    return [`volume ${volume} is of broker ${broker}, not of broker ${id}`];
  });
  refuse(project, problems);
}

/** Refuses a ZooKeeper's data that another member wrote. @throws KclusterError `conflict` that names every such volume */
export function assertZooKeeperData(project: string, found: readonly FoundData[]): void {
  const problems = found
    .filter(({ id, content }) => content.trim() !== String(id))
    .map(
      ({ volume, id, content }) =>
        `volume ${volume} is of ZooKeeper ${content.trim()}, not of ZooKeeper ${id}`,
    );
  refuse(project, problems);
}

function refuse(project: string, problems: readonly string[]): void {
  const [first, ...more] = problems;
  if (first === undefined) return;
  throw new KclusterError('conflict', more.length === 0 ? first : 'data that does not belong', {
    details: more.length === 0 ? [] : problems,
    hints: [
      'Nothing was written. Bring back the volumes that belong together, of ZooKeeper and of Kafka.',
      `Or begin anew, without the data: \`kcluster down --volumes --name ${project}\`.`,
    ],
  });
}

/** Of a file that java.util.Properties has written; ids have nothing that it would escape. */
function properties(text: string): Map<string, string> {
  return new Map(
    text
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.trim().split(/=(.*)/s, 2) as [string, string]),
  );
}
