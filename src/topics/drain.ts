import { readPartitions } from './state.js';
import { drainPlan } from './moves.js';
import { reassign } from './reassign.js';
import type { TopicsContext } from './context.js';

export interface Drained {
  /** How many partitions were moved. */
  moved: number;
  /** Topics that have fewer replicas now, since fewer brokers remain; `min.insync.replicas` may be more than they have. */
  shrunk: string[];
}

/**
 * Moves every partition off the leaving brokers, those too that are made meanwhile. Afterwards nothing is lost when
 * they are stopped.
 * @param leaving ids of brokers that run
 * @throws KclusterError as `drainPlan` and `reassign` do
 */
export async function drain(leaving: readonly number[], context: TopicsContext): Promise<Drained> {
  const drained: Drained = { moved: 0, shrunk: [] };
  for (;;) {
    const { hosts, partitions } = await readPartitions(context);
    const { moves, shrunk } = drainPlan(partitions, leaving, hosts);
    if (moves.length === 0) return drained;
    await reassign(moves, context);
    drained.moved += moves.length;
    drained.shrunk = [...new Set([...drained.shrunk, ...shrunk])].sort();
  }
}
