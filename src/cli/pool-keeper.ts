import { KclusterError, messageOf } from '../errors.js';
import type { OperationContext } from '../operations/context.js';
import { breathe, fillPool, keepingPools, membersOf } from '../operations/pool.js';
import { keepPools, type Pool } from '../pool/keeper.js';
import { poolKeys, readPool, writePool } from '../pool/record.js';
import { Engines } from '../engines/engines.js';

/** Keeps the pools of this machine until there is none any more; ends at once where another process does. */
export async function servePoolKeeper(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const engines = new Engines(env);
  const context = { env, signal, emit: () => undefined, engines };
  try {
    await keepingPools(context, () =>
      keepPools(
        {
          look: async () => await look(context),
          fill: async (key) => await fill(context, key),
          breathe: async (key, member) => await breatheIn(context, key, member),
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

async function look(context: OperationContext): Promise<Pool[]> {
  const { engines } = await context.engines.available();
  const keys = await poolKeys(context.env);
  const pools = keys.map(async (key): Promise<Pool[]> => {
    const record = await readPool(context.env, key);
    const engine = engines.find(({ name }) => name === record?.engine);
    if (!record || !engine) return [];
    const members = await membersOf(engine, key);
    // What failed is not tried again before somebody asks for it.
    const isFull = members.length === record.size || record.failure !== undefined;
    return [{ key, members, isFull }];
  });
  return (await Promise.all(pools)).flat();
}

/** There is nobody to tell of a failure: it is written to the pool's record. */
async function fill(context: OperationContext, key: string): Promise<void> {
  try {
    await fillPool(context, key);
  } catch (error) {
    const record = await readPool(context.env, key);
    if (record) await writePool(context.env, key, { ...record, failure: messageOf(error) });
  }
}

async function breatheIn(context: OperationContext, key: string, member: string): Promise<void> {
  const record = await readPool(context.env, key);
  if (!record) return;
  const { engine } = await context.engines.select(member, record.engine);
  await breathe(context, engine, key, member);
}
