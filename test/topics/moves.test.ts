import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterMoves, drainPlan, replicationMoves, type Move } from '../../src/topics/moves.js';
import { replicaLoads, type Host, type PartitionReplicas } from '../../src/topics/placement.js';

interface Cluster {
  hosts: Host[];
  partitions: PartitionReplicas[];
}

const hostsOf = (count: number, racks?: number): Host[] =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    ...(racks !== undefined && { rack: `rack-${index % racks}` }),
  }));

/** Any partitions on any brokers, as uneven as they come. */
const anyCluster = (most: { brokers: number; partitions: number; racks?: number }) =>
  fc.integer({ min: 2, max: most.brokers }).chain((brokers): fc.Arbitrary<Cluster> => {
    const hosts = hostsOf(brokers, most.racks);
    const replicas = fc.shuffledSubarray(
      hosts.map(({ id }) => id),
      { minLength: 1 },
    );
    return fc.array(replicas, { maxLength: most.partitions }).map((all) => ({
      hosts,
      partitions: all.map((each, index) => ({
        topic: `topic-${index % 3}`,
        partition: Math.floor(index / 3),
        replicas: each,
      })),
    }));
  });

/** A cluster, and brokers that leave it; some remain. */
const anyDrain = (most: { brokers: number; partitions: number; racks?: number }) =>
  anyCluster(most).chain((cluster) =>
    fc
      .subarray(
        cluster.hosts.map(({ id }) => id),
        { minLength: 1, maxLength: cluster.hosts.length - 1 },
      )
      .map((leaving) => ({ ...cluster, leaving })),
  );

const drained = ({ hosts, partitions, leaving }: Cluster & { leaving: number[] }) => {
  const plan = drainPlan(partitions, leaving, hosts);
  const remaining = hosts.filter(({ id }) => !leaving.includes(id));
  return { ...plan, remaining, after: afterMoves(partitions, plan.moves) };
};

function range(loads: ReadonlyMap<number, number>): number {
  return Math.max(...loads.values()) - Math.min(...loads.values());
}

const loadsOf = (partitions: readonly PartitionReplicas[], hosts: readonly Host[]) =>
  replicaLoads(
    partitions.map(({ replicas }) => replicas),
    hosts,
  );

/** As Kafka spreads a topic over brokers. */
function roundRobin(brokers: number, partitions: number, replication: number) {
  return Array.from({ length: partitions }, (_, partition) => ({
    topic: 'orders',
    partition,
    replicas: Array.from({ length: replication }, (_each, n) => ((partition + n) % brokers) + 1),
  }));
}

describe('a plan to drain brokers', () => {
  const many = { brokers: 9, partitions: 60 };

  it('leaves nothing on them, and moves nothing else', () => {
    fc.assert(
      fc.property(anyDrain(many), (cluster) => {
        const { moves, after } = drained(cluster);
        for (const { replicas } of after)
          expect(replicas.filter((id) => cluster.leaving.includes(id))).toEqual([]);
        for (const { from } of moves)
          expect(from.some((id) => cluster.leaving.includes(id))).toBe(true);
      }),
    );
  });

  it('gives each partition as many replicas as it had, or one on each broker that remains', () => {
    fc.assert(
      fc.property(anyDrain(many), (cluster) => {
        const { moves, shrunk, remaining } = drained(cluster);
        for (const { from, to } of moves) {
          expect(to).toHaveLength(Math.min(from.length, remaining.length));
          expect(new Set(to).size).toBe(to.length);
        }
        const less = moves.filter(({ from }) => from.length > remaining.length);
        expect(shrunk.toSorted()).toEqual([...new Set(less.map(({ topic }) => topic))].sort());
      }),
    );
  });

  it('keeps what stays and its order, behind the preferred leader', () => {
    fc.assert(
      fc.property(anyDrain(many), (cluster) => {
        for (const { from, to } of drained(cluster).moves) {
          const kept = from.filter((id) => !cluster.leaving.includes(id));
          expect(to).toEqual(expect.arrayContaining(kept));
          if (!cluster.leaving.includes(from[0]!)) expect(to.slice(0, kept.length)).toEqual(kept);
          const followers = kept.filter((id) => id !== to[0]);
          expect(to.slice(1, 1 + followers.length)).toEqual(followers);
        }
      }),
    );
  });

  it('is the same each time, in whatever order the partitions come', () => {
    fc.assert(
      fc.property(anyDrain(many), fc.nat(), ({ hosts, partitions, leaving }, turn) => {
        const cut = partitions.length === 0 ? 0 : turn % partitions.length;
        const turned = [...partitions.slice(cut), ...partitions.slice(0, cut)];
        expect(drainPlan(turned, leaving, hosts.toReversed())).toEqual(
          drainPlan(partitions, leaving, hosts),
        );
      }),
    );
  });

  it('spreads replicas as evenly as any plan could', () => {
    fc.assert(
      fc.property(anyDrain({ brokers: 5, partitions: 5 }), (cluster) => {
        const { moves, remaining, after } = drained(cluster);
        const found = loadsOf(after, remaining);
        const least = Math.min(
          ...everyFilling(moves, cluster.leaving, remaining).map((to) =>
            range(loadsOf(afterMoves(cluster.partitions, to), remaining)),
          ),
        );
        expect(range(found)).toBe(least);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [3, 12, 2, [3]],
    [4, 24, 3, [1]],
    [6, 60, 3, [2, 5]],
    [9, 50, 1, [1, 2, 3]],
  ])('of %i brokers with %i partitions on %i each, %j leaving, is even within 1', (...shape) => {
    const [brokers, count, replication, leaving] = shape;
    const cluster = {
      hosts: hostsOf(brokers),
      partitions: roundRobin(brokers, count, replication),
      leaving,
    };
    const { after, remaining } = drained(cluster);
    expect(range(loadsOf(after, remaining))).toBeLessThanOrEqual(1);
    const leaders = after.map((each) => ({ ...each, replicas: each.replicas.slice(0, 1) }));
    expect(range(loadsOf(leaders, remaining))).toBeLessThanOrEqual(1);
  });

  it('shares a rack only where every other has a replica or no room', () => {
    fc.assert(
      fc.property(anyDrain({ brokers: 9, partitions: 30, racks: 3 }), (cluster) => {
        const { moves, remaining } = drained(cluster);
        const rackOf = (id: number) => cluster.hosts.find((host) => host.id === id)!.rack;
        for (const { from, to } of moves) {
          const added = to.filter((id) => !from.includes(id));
          const racksWithRoom = remaining.filter(({ id }) => !to.includes(id)).map((h) => h.rack);
          for (const id of added) {
            const mates = to.filter((other) => other !== id && rackOf(other) === rackOf(id));
            const better = racksWithRoom.filter((rack) => !to.some((o) => rackOf(o) === rack));
            if (mates.length > 0) expect(better).toEqual([]);
          }
        }
      }),
    );
  });

  it('says which topics get fewer replicas', () => {
    const partitions = roundRobin(3, 3, 3);
    const { moves, shrunk } = drainPlan(partitions, [3], hostsOf(3));
    expect(shrunk).toEqual(['orders']);
    expect(moves.map(({ to }) => to)).toEqual([
      [1, 2],
      [2, 1],
      [1, 2],
    ]);
  });

  it('is refused where no broker remains', () => {
    expect(() => drainPlan(roundRobin(2, 1, 1), [1, 2], hostsOf(2))).toThrow(
      'no broker would be left',
    );
  });
});

/** Every way to fill what the leaving brokers leave open, as moves. */
function everyFilling(moves: readonly Move[], leaving: number[], hosts: readonly Host[]): Move[][] {
  return moves.reduce<Move[][]>(
    (plans, move) => {
      const kept = move.from.filter((id) => !leaving.includes(id));
      const free = hosts.map(({ id }) => id).filter((id) => !kept.includes(id));
      const choices = subsets(free, move.to.length - kept.length);
      return plans.flatMap((plan) =>
        choices.map((added) => [...plan, { ...move, to: [...kept, ...added] }]),
      );
    },
    [[]],
  );
}

function subsets(ids: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return ids.flatMap((id, index) =>
    subsets(ids.slice(index + 1), size - 1).map((rest) => [id, ...rest]),
  );
}

describe('a plan for another number of replicas', () => {
  it('keeps the preferred leader, adds and removes no more than it must', () => {
    fc.assert(
      fc.property(anyCluster({ brokers: 9, partitions: 60 }), fc.nat(), (cluster, wish) => {
        const { hosts, partitions } = cluster;
        const replication = 1 + (wish % hosts.length);
        const moves = replicationMoves(partitions, replication, partitions, hosts);
        expect(moves).toHaveLength(
          partitions.filter(({ replicas }) => replicas.length !== replication).length,
        );
        for (const { from, to } of moves) {
          expect(new Set(to).size).toBe(replication);
          expect(to).toHaveLength(replication);
          expect(to[0]).toBe(from[0]);
          const common = from.filter((id) => to.includes(id));
          expect(common).toHaveLength(Math.min(from.length, replication));
          expect(to.slice(0, common.length)).toEqual(common);
        }
      }),
    );
  });

  it.each([
    [1, 3],
    [1, 2],
    [3, 2],
    [3, 1],
  ])('from %i to %i is even within 1', (from, to) => {
    const partitions = roundRobin(3, 12, from);
    const moves = replicationMoves(partitions, to, partitions, hostsOf(3));
    expect(range(loadsOf(afterMoves(partitions, moves), hostsOf(3)))).toBeLessThanOrEqual(1);
  });

  it('weighs what other topics have', () => {
    const other = { topic: 'busy', partition: 0, replicas: [2] };
    const one = { topic: 'orders', partition: 0, replicas: [1] };
    const [move] = replicationMoves([one], 2, [other, one], hostsOf(3));
    expect(move!.to).toEqual([1, 3]);
  });
});
