import { KclusterError } from '../errors.js';
import { evenOut, type Placed } from './even-out.js';
import { best, fill, replicaLoads, type Host, type PartitionReplicas } from './placement.js';

/** A partition that gets other replicas. */
export interface Move {
  topic: string;
  partition: number;
  from: readonly number[];
  to: readonly number[];
}

export interface DrainPlan {
  /** By topic and partition. */
  moves: Move[];
  /** Topics that get fewer replicas than they have, since fewer brokers remain. */
  shrunk: string[];
}

/**
 * The moves that leave nothing on the leaving brokers. A partition keeps its other replicas and their order; what it
 * loses goes to the brokers with the fewest, in other racks where racks are known. Where its preferred leader leaves,
 * the one of its replicas that leads the fewest comes first. Deterministic. Pure.
 * @param partitions every partition of the cluster
 * @param hosts every broker, the leaving ones included
 * @throws KclusterError `conflict` when no broker would remain
 */
export function drainPlan(
  partitions: readonly PartitionReplicas[],
  leaving: readonly number[],
  hosts: readonly Host[],
): DrainPlan {
  const remaining = hosts.filter(({ id }) => !leaving.includes(id));
  if (remaining.length === 0)
    throw new KclusterError('conflict', 'no broker would be left to hold the partitions');
  const affected = inOrder(partitions.filter(({ replicas }) => replicas.some(isIn(leaving))));
  const vacancies = affected.map(({ replicas }) => {
    const kept = replicas.filter((id) => !leaving.includes(id));
    const size = Math.min(replicas.length, remaining.length);
    return { kept, needs: Math.max(0, size - kept.length) };
  });
  const loads = replicaLoads(
    partitions.map(({ replicas }) => replicas),
    remaining,
  );
  const added = fill(vacancies, remaining, loads);
  const filled = affected.map(({ topic, partition, replicas: from }, index) => ({
    topic,
    partition,
    from,
    to: [...vacancies[index]!.kept, ...added[index]!],
  }));
  const staying = partitions.filter(({ replicas }) => !leaving.includes(replicas[0]!));
  return {
    moves: spreadLeaders(filled, leaderLoads(staying, remaining)),
    shrunk: [...new Set(filled.filter(isShrunk).map(({ topic }) => topic))],
  };
}

function isIn(ids: readonly number[]): (id: number) => boolean {
  return (id) => ids.includes(id);
}

function isShrunk({ from, to }: Move): boolean {
  return to.length < from.length;
}

function leaderLoads(
  partitions: readonly PartitionReplicas[],
  hosts: readonly Host[],
): Map<number, number> {
  return replicaLoads(
    partitions.map(({ replicas }) => replicas.slice(0, 1)),
    hosts,
  );
}

/** Where the preferred leader has gone, puts another first, so that brokers lead about as many each. */
function spreadLeaders(moves: readonly Move[], loads: Map<number, number>): Move[] {
  const orphans = moves
    .filter(({ from, to }) => !to.includes(from[0]!))
    .map((move): { move: Move } & Placed => ({
      move,
      owner: move,
      broker: move.to[0]!,
      mayGo: (to) => move.to.includes(to),
    }));
  for (const orphan of orphans) {
    orphan.broker = best(orphan.move.to, (id) => [loads.get(id) ?? 0]);
    loads.set(orphan.broker, (loads.get(orphan.broker) ?? 0) + 1);
  }
  evenOut(orphans, loads);
  const leaderOf = new Map(orphans.map(({ move, broker }) => [move, broker]));
  return moves.map((move) => {
    const leader = leaderOf.get(move) ?? move.to[0]!;
    return { ...move, to: [leader, ...move.to.filter((id) => id !== leader)] };
  });
}

/**
 * The moves that give each of these partitions so many replicas. More go to the brokers with the fewest, in other
 * racks where racks are known; fewer leave the brokers with the most, never the preferred leader. Pure.
 * @param replication no more than there are hosts
 * @param all every partition of the cluster
 */
export function replicationMoves(
  partitions: readonly PartitionReplicas[],
  replication: number,
  all: readonly PartitionReplicas[],
  hosts: readonly Host[],
): Move[] {
  const affected = inOrder(partitions.filter(({ replicas }) => replicas.length !== replication));
  const loads = replicaLoads(
    all.map(({ replicas }) => replicas),
    hosts,
  );
  const kept = affected.map(({ replicas }) => fewer(replicas, replication, loads));
  const vacancies = kept.map((each) => ({ kept: each, needs: replication - each.length }));
  const added = fill(vacancies, hosts, loads);
  return affected.map(({ topic, partition, replicas: from }, index) => ({
    topic,
    partition,
    from,
    to: [...kept[index]!, ...added[index]!],
  }));
}

function fewer(
  replicas: readonly number[],
  most: number,
  loads: Map<number, number>,
): readonly number[] {
  let left = replicas;
  while (left.length > most) {
    const heaviest = best(left.slice(1), (id) => [-(loads.get(id) ?? 0)]);
    loads.set(heaviest, (loads.get(heaviest) ?? 0) - 1);
    left = left.filter((id) => id !== heaviest);
  }
  return left;
}

/** The partitions as they are after the moves. Pure. */
export function afterMoves(
  partitions: readonly PartitionReplicas[],
  moves: readonly Move[],
): PartitionReplicas[] {
  const moved = new Map(moves.map((move) => [nameOf(move), move.to]));
  return partitions.map((each) => ({
    ...each,
    replicas: moved.get(nameOf(each)) ?? each.replicas,
  }));
}

/** `TOPIC-PARTITION`, as Kafka's own messages name a partition. */
export function nameOf({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}-${partition}`;
}

function inOrder(partitions: readonly PartitionReplicas[]): PartitionReplicas[] {
  return partitions.toSorted((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  );
}
