import { pause } from '../system/abort.js';

const pollMs = 500;
/**
 * Between two breaths of a cluster that waits. A client that has heard nothing of ZooKeeper for two thirds of its session
 * leaves it (12 of 18 s), and so do servers of an ensemble that have heard nothing of each other for `syncLimit` ticks
 * (10 s).
 */
const breathEveryMs = 6000;

/** A pool as it is. */
export interface Pool {
  key: string;
  /** The clusters that wait in it. */
  members: readonly string[];
  isFull: boolean;
}

/** What a keeper does for pools. */
export interface PoolDeeds {
  look: () => Promise<Pool[]>;
  /** Resolves when the pool is full, or can't be filled now. */
  fill: (key: string) => Promise<void>;
  breathe: (key: string, member: string) => Promise<void>;
}

/** Keeps pools full and their clusters alive until there is no pool any more. */
export async function keepPools(
  { look, fill, breathe }: PoolDeeds,
  signal: AbortSignal,
): Promise<void> {
  const breaths = new Map<string, number>();
  const filling = new Map<string, Promise<void>>();
  for (;;) {
    const pools = await look();
    if (pools.length === 0 && filling.size === 0) return;
    for (const { key } of pools.filter(({ isFull, key }) => !isFull && !filling.has(key)))
      filling.set(
        key,
        fill(key).finally(() => filling.delete(key)),
      );
    for (const { key, member } of pools.flatMap(membersOf)) {
      if (Date.now() - (breaths.get(member) ?? 0) < breathEveryMs) continue;
      breaths.set(member, Date.now());
      await breathe(key, member);
    }
    await pause(pollMs, signal);
  }
}

function membersOf({ key, members }: Pool): { key: string; member: string }[] {
  return members.map((member) => ({ key, member }));
}
