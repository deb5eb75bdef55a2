import { pause } from '../system/abort.js';

const pollMs = 500;

/** A pool as it is. */
export interface Pool {
  key: string;
  /** The clusters that wait in it. */
  members: readonly string[];
  isFull: boolean;
  /** How long ZooKeeper keeps a broker's session without hearing of it, in milliseconds. */
  sessionMs: number;
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
  const work = new Work();
  const breaths = new Map<string, number>();
  for (;;) {
    const pools = await look();
    if (pools.length === 0 && work.isDone) return;
    for (const { key } of pools.filter(({ isFull }) => !isFull))
      work.begin(key, async () => await fill(key));
    const waiting = breathsOf(pools, breaths);
    for (const { key, member } of waiting.filter(({ dueAt }) => dueAt <= performance.now()))
      work.begin(member, async () => {
        breaths.set(member, performance.now());
        await breathe(key, member);
      });
    await pause(untilNext(breathsOf(pools, breaths)), signal);
    work.assertNoneFailed();
  }
}

interface Breath {
  key: string;
  member: string;
  /** By `performance.now()`. */
  dueAt: number;
}

/**
 * When each cluster is to go on for a moment: a client of ZooKeeper that has heard nothing for two thirds of its session
 * leaves the connection (ClientCnxn: `readTimeout`), so half of it is allowed. Pure.
 */
function breathsOf(pools: readonly Pool[], breaths: ReadonlyMap<string, number>): Breath[] {
  return pools.flatMap(({ key, members, sessionMs }) =>
    members.map((member) => {
      const last = breaths.get(member);
      return { key, member, dueAt: last === undefined ? 0 : last + sessionMs / 2 };
    }),
  );
}

/** Milliseconds until somebody is due, or pools are to be looked at again; one who is late already is under way. */
function untilNext(breaths: readonly Breath[]): number {
  const now = performance.now();
  const ahead = breaths.map(({ dueAt }) => dueAt - now).filter((ms) => ms > 0);
  return Math.min(pollMs, ...ahead);
}

/** What goes on side by side, one piece of each name at a time. */
class Work {
  readonly #running = new Map<string, Promise<void>>();
  #failure: { error: unknown } | undefined;

  get isDone(): boolean {
    return this.#running.size === 0;
  }

  begin(name: string, body: () => Promise<void>): void {
    if (this.#running.has(name)) return;
    const piece = body()
      .catch((error: unknown) => (this.#failure ??= { error }))
      .then(() => void this.#running.delete(name));
    this.#running.set(name, piece);
  }

  /** @throws the first failure of a piece */
  assertNoneFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
