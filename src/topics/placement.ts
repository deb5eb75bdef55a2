import { evenOut, type Placed } from './even-out.js';

export interface PartitionReplicas {
  topic: string;
  partition: number;
  /** Ids of brokers, the preferred leader first. */
  replicas: readonly number[];
}

/** A broker that can take replicas. */
export interface Host {
  id: number;
  /** `broker.rack`, where it is set. */
  rack?: string;
}

/** A partition that needs more brokers than those that it keeps. */
export interface Vacancy {
  kept: readonly number[];
  /** How many more it needs; no more than there are other hosts. */
  needs: number;
}

/** How many replicas each host has, by id. */
export function replicaLoads(
  replicas: Iterable<readonly number[]>,
  hosts: readonly Host[],
): Map<number, number> {
  const ids = hosts.map(({ id }) => id).sort((a, b) => a - b);
  const loads = new Map(ids.map((id) => [id, 0]));
  for (const each of replicas)
    for (const id of each) if (loads.has(id)) loads.set(id, loads.get(id)! + 1);
  return loads;
}

/**
 * Chooses hosts for every vacancy: racks that the partition is not in yet first, then the hosts with the fewest
 * replicas, evened out over all vacancies. Deterministic. Pure.
 * @param loads how many replicas each host has besides
 * @returns the ids of the new hosts, in the order of the vacancies
 */
export function fill(
  vacancies: readonly Vacancy[],
  hosts: readonly Host[],
  loads: ReadonlyMap<number, number>,
): number[][] {
  const racks = new Map(hosts.map(({ id, rack }) => [id, rack]));
  const count = new Map(loads);
  const seats = vacancies.map(() => [] as Seat[]);
  for (const [index, { kept, needs }] of vacancies.entries()) {
    const taken = seats[index]!;
    for (let n = 0; n < needs; n += 1) {
      const seat = new Seat(kept, taken, racks);
      seat.broker = best(
        [...count.keys()].filter((id) => seat.isFree(id)),
        (id) => [seat.rackMates(id), count.get(id)!],
      );
      count.set(seat.broker, count.get(seat.broker)! + 1);
      taken.push(seat);
    }
  }
  evenOut(seats.flat(), count);
  return seats.map((each) => each.map(({ broker }) => broker));
}

/** One replica that a vacancy needs, and the host that it has now. */
class Seat implements Placed {
  broker = -1;
  /** The seats of the same partition. */
  readonly owner: readonly Seat[];
  readonly #kept: readonly number[];
  readonly #racks: ReadonlyMap<number, string | undefined>;

  constructor(
    kept: readonly number[],
    owner: readonly Seat[],
    racks: ReadonlyMap<number, string | undefined>,
  ) {
    this.owner = owner;
    this.#kept = kept;
    this.#racks = racks;
  }

  /** Whether the partition is not on this host yet. */
  isFree(id: number): boolean {
    return id !== this.broker && !this.#others().includes(id);
  }

  /** How many other replicas of the partition are in this host's rack. */
  rackMates(id: number): number {
    const rack = this.#racks.get(id);
    if (rack === undefined) return 0;
    return this.#others().filter((other) => this.#racks.get(other) === rack).length;
  }

  mayGo(to: number): boolean {
    return this.isFree(to) && this.rackMates(to) <= this.rackMates(this.broker);
  }

  #others(): number[] {
    const seats = this.owner.filter((seat) => seat !== this).map(({ broker }) => broker);
    return [...this.#kept, ...seats];
  }
}

/** The first of those with the least cost; costs compare from left to right. */
export function best(ids: readonly number[], costs: (id: number) => readonly number[]): number {
  const ranked = ids.map((id) => ({ id, costs: costs(id) }));
  ranked.sort((a, b) => {
    const at = a.costs.findIndex((cost, index) => cost !== b.costs[index]);
    return at < 0 ? 0 : a.costs[at]! - b.costs[at]!;
  });
  return ranked[0]!.id;
}
