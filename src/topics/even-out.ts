/** Something that is on one broker and may be on others. */
export interface Placed {
  broker: number;
  /** What `mayGo` looks at besides; a chain of moves changes each owner once, so that its moves stay allowed. */
  owner: object;
  mayGo: (to: number) => boolean;
}

/**
 * Moves what is placed until no broker has two more than another that could relieve it, also by way of others: a chain
 * of moves that ends at a lighter broker is found breadth first. Changes `placed` and `loads`; deterministic.
 * @param loads how many each broker has, what can't move included
 */
export function evenOut(placed: readonly Placed[], loads: Map<number, number>): void {
  for (let chain = relief(placed, loads); chain; chain = relief(placed, loads)) {
    const [heaviest, lightest] = [chain[0]!.item.broker, chain.at(-1)!.to];
    // From the end, so that each broker has room before it gets one.
    for (const { item, to } of chain.toReversed()) item.broker = to;
    loads.set(heaviest, loads.get(heaviest)! - 1);
    loads.set(lightest, loads.get(lightest)! + 1);
  }
}

interface Move {
  item: Placed;
  to: number;
}

/** The shortest chain of moves from the heaviest broker that can be relieved, or undefined when none can be. */
function relief(placed: readonly Placed[], loads: Map<number, number>): Move[] | undefined {
  const heaviestFirst = [...loads].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  for (const [broker, load] of heaviestFirst) {
    const chain = chainFrom(broker, placed, loads, load - 2);
    if (chain) return chain;
  }
  return undefined;
}

function chainFrom(
  start: number,
  placed: readonly Placed[],
  loads: Map<number, number>,
  lightEnough: number,
): Move[] | undefined {
  const cameBy = new Map<number, Move>();
  const queue = [start];
  for (let from = queue.shift(); from !== undefined; from = queue.shift()) {
    const owners = new Set(chainTo(from, start, cameBy).map(({ item }) => item.owner));
    const movable = placed.filter(({ broker, owner }) => broker === from && !owners.has(owner));
    for (const [to, load] of loads) {
      const item = to === start || cameBy.has(to) ? undefined : movable.find((m) => m.mayGo(to));
      if (!item) continue;
      cameBy.set(to, { item, to });
      if (load <= lightEnough) return chainTo(to, start, cameBy);
      queue.push(to);
    }
  }
  return undefined;
}

function chainTo(end: number, start: number, cameBy: Map<number, Move>): Move[] {
  const chain: Move[] = [];
  for (let at = end; at !== start; at = chain[0]!.item.broker) chain.unshift(cameBy.get(at)!);
  return chain;
}
