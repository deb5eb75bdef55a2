import type { Lease } from '../cluster/lease.js';
import { durationText } from './words.js';

interface Place {
  from: string;
  /** Who connects there, in words. */
  clients: string;
  bootstrapServers: string;
}

export interface ClusterPlaces {
  bootstrapServers: string;
  zookeeperConnect: string;
  places: readonly Place[];
  lease?: Lease;
}

/** Where to connect, for people: from this machine, and below it from elsewhere. */
export function clusterText(cluster: ClusterPlaces): string {
  const others = cluster.places.filter(({ from }) => from !== 'host');
  const width = Math.max(...others.map(({ bootstrapServers }) => bootstrapServers.length));
  return [
    `  Kafka      ${cluster.bootstrapServers}`,
    ...others.map(
      ({ clients, bootstrapServers }) =>
        `             ${bootstrapServers.padEnd(width)}  for ${clients}`,
    ),
    `  ZooKeeper  ${cluster.zookeeperConnect}`,
    ...(cluster.lease ? [`  Lease      ${leaseText(cluster.lease, Date.now())}`] : []),
  ].join('\n');
}

/** How long a cluster is there: `for 2 h, or until process 4711 (npm test) ends`. */
export function leaseText({ owner, until, pool }: Lease, now: number): string {
  return [
    ...(pool === undefined ? [] : ['waits in a pool']),
    ...(until === undefined ? [] : [`for ${durationText(until - now)}`]),
    ...(owner ? [`until process ${owner.pid} (${owner.command}) ends`] : []),
  ].join(pool === undefined ? ', or ' : ' ');
}
