import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { keepPools, type Pool, type PoolDeeds } from '../../src/pool/keeper.js';

const never = new AbortController().signal;
const pool = (parts: Partial<Pool> = {}): Pool => ({
  key: 'a',
  members: [],
  isFull: true,
  sessionMs: 200,
  ...parts,
});

/** Deeds of a keeper that sees `pools` for so long, and then none. */
function keeping(ms: number, pools: readonly Pool[], deeds: Partial<PoolDeeds> = {}): PoolDeeds {
  const end = performance.now() + ms;
  return {
    look: async () => await Promise.resolve(performance.now() < end ? [...pools] : []),
    fill: async () => await Promise.resolve(),
    breathe: async () => await Promise.resolve(),
    ...deeds,
  };
}

it('lets each cluster go on before half of its session is over, at once first', async () => {
  const at = new Map<string, number[]>();
  const begin = performance.now();
  const breathe = async (_key: string, member: string): Promise<void> => {
    at.set(member, [...(at.get(member) ?? []), performance.now() - begin]);
    await sleep(30);
  };
  const pools = [
    pool({ members: ['one', 'other'] }),
    pool({ key: 'b', members: ['slow'], sessionMs: 2000 }),
  ];
  await keepPools(keeping(900, pools, { breathe }), never);
  for (const member of ['one', 'other']) {
    const times = at.get(member)!;
    expect(times[0]).toBeLessThan(100);
    expect(times.length).toBeGreaterThanOrEqual(4);
    expect(times.length).toBeLessThanOrEqual(10);
  }
  expect(at.get('slow')).toHaveLength(1);
});

it('waits for one breath, and for one filling, of each before the next', async () => {
  const running = new Map<string, number>();
  const seen: number[] = [];
  const work = async (name: string): Promise<void> => {
    running.set(name, (running.get(name) ?? 0) + 1);
    seen.push(running.get(name)!);
    await sleep(300);
    running.set(name, running.get(name)! - 1);
  };
  const pools = [pool({ members: ['one', 'other'], isFull: false })];
  const deeds = { breathe: async (_: string, name: string) => await work(name), fill: work };
  await keepPools(keeping(700, pools, deeds), never);
  expect(seen.length).toBeGreaterThanOrEqual(6);
  expect(new Set(seen)).toEqual(new Set([1]));
  expect([...running.values()].every((count) => count === 0)).toBe(true);
});

it('fails with what failed', async () => {
  const breathe = async (): Promise<void> => await Promise.reject(new Error('the engine is gone'));
  const kept = keepPools(keeping(5000, [pool({ members: ['one'] })], { breathe }), never);
  await expect(kept).rejects.toThrow('the engine is gone');
});
