import { KclusterError } from '../errors.js';
import type { OperationContext } from '../operations/context.js';
import { findPools } from '../operations/pool.js';
import { fillPool } from '../operations/pool-fill.js';
import { breathe, keepingPools } from '../operations/pool-keep.js';
import { keepPools, type Pool } from '../pool/keeper.js';
import { Engines } from '../engines/engines.js';

/** Keeps the pools of a state directory until there is none any more; ends at once where another process does. */
export async function servePoolKeeper(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const engines = new Engines(env);
  const context = { env, signal, emit: () => undefined, engines };
  try {
    await keepingPools(context, () =>
      keepPools(
        {
          look: async () => await look(context),
          fill: async (key) => await fill(context, key),
          breathe: async (key, member) => await breathe(context, key, member),
        },
        signal,
      ),
    );
  } catch (error) {
    if (!(error instanceof KclusterError && error.kind === 'interrupted')) throw error;
  } finally {
    await engines.close();
  }
}

/** What failed is not tried again before somebody asks for it. */
async function look(context: OperationContext): Promise<Pool[]> {
  return (await findPools(context)).flatMap(({ key, record, members }) => {
    if (!members) return [];
    const isFull = members.length === record.size || record.failure !== undefined;
    return [{ key, members, isFull, sessionMs: record.sessionMs }];
  });
}

/** There is nobody to tell of a failure: it is in the pool's record. */
async function fill(context: OperationContext, key: string): Promise<void> {
  await fillPool(context, key).catch(() => undefined);
}
