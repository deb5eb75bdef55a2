import type { Cluster } from '../context.js';
import { changed, partOf, type Part } from './part.js';
import type { Unit } from './units.js';

/** The most ZooKeepers that vote. */
const mostServers = 7;

/** How many brokers and ZooKeepers there are. */
export function sizesPart(cluster: Cluster, units: readonly Unit[]): Part {
  const { brokers, servers } = cluster;
  const wished = brokers.reduce((sum, { count }) => sum + Math.max(1, count), 0);
  const observers = observersOf(cluster);
  const all = servers.reduce((sum, { service }) => sum + (service.replicas?.value || 1), 0);
  const voters = Math.min(mostServers, Math.max(1, all - observers));
  const isEven = voters % 2 === 0;
  const first = brokers[0]?.service;
  return partOf(
    [
      [['kafka', 'brokers'], units.length],
      [
        ['zookeeper', 'servers'],
        voters,
        servers.length === 0 ? 'The compose file has no ZooKeeper for these brokers.' : undefined,
      ],
      [
        ['zookeeper', 'evenEnsemble'],
        isEven || undefined,
        isEven ? 'As in the compose file; one server less survives as many failures.' : undefined,
      ],
      [['zookeeper', 'observers'], voters > 1 && observers > 0 ? observers : undefined],
    ],
    wished > units.length && first
      ? [
          changed({
            level: 'warning',
            at: first.at,
            service: first,
            message: `${wished} brokers become ${units.length}`,
            why: 'That is the most that kcluster makes.',
            fix: 'Take fewer.',
          }),
        ]
      : [],
  );
}

function observersOf({ servers }: Cluster): number {
  const peers = servers.find((each) => each.peers)?.peers?.value ?? [];
  return peers.filter(({ observer }) => observer).length;
}
