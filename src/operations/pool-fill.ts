import { randomBytes } from 'node:crypto';
import type { Engine } from '../cluster/engine.js';
import { executeOnEngine } from '../cluster/execute.js';
import { pausePlan } from '../cluster/teardown.js';
import { KclusterError, messageOf } from '../errors.js';
import { readPool, type PoolRecord } from '../pool/record.js';
import { simpleLayer } from '../spec/layer.js';
import { withStateLock } from '../system/state-lock.js';
import type { OperationContext } from './context.js';
import { grantLease } from './lease.js';
import { ownerOf } from './lease-options.js';
import { claim, noteFailure, waitingIn } from './pool.js';
import { prepared, raise } from './raise.js';
import { remove } from './remove.js';

/**
 * Makes clusters until as many wait as the pool is to have, and removes those that are too many. Only one process at a
 * time fills a pool. What it fails of is written to the pool's record, unless it was interrupted.
 * @returns how many wait then
 * @throws KclusterError as `raise`
 */
export async function fillPool(context: OperationContext, key: string): Promise<number> {
  return await withStateLock(`.pool-fill-${key}`, context, async () => {
    try {
      return await filled(context, key);
    } catch (error) {
      const isInterrupted = error instanceof KclusterError && error.kind === 'interrupted';
      if (!isInterrupted) await noteFailure(context, key, messageOf(error));
      throw error;
    }
  });
}

async function filled(context: OperationContext, key: string): Promise<number> {
  for (;;) {
    const record = await readPool(context.env, key);
    if (!record) return 0;
    const { engine } = await context.engines.select('pool', record.engine);
    const { length } = waitingIn(await engine.leases(), record);
    if (length > record.size) await removeMember(context, engine, key, 'the pool is smaller');
    else if (length === record.size || record.failure !== undefined) return length;
    else await makeMember(context, record);
  }
}

/**
 * Removes a cluster that waits; one that was taken meanwhile stays.
 * @param wished which one; any when it is left out
 */
export async function removeMember(
  context: OperationContext,
  engine: Engine,
  key: string,
  cause: string,
  wished?: string,
): Promise<void> {
  const name = await claim(context, engine, key, ownLease(), wished);
  if (name !== undefined)
    await remove(context, { name, engine: engine.name, volumes: true, cause });
}

async function makeMember(
  context: OperationContext,
  { id, engine: engineName, spec, directory, timeout, waitMs }: PoolRecord,
): Promise<void> {
  const name = `pool-${randomBytes(4).toString('hex')}`;
  const layer = simpleLayer('file', { ...spec, name }, 'the pool');
  const specFile = { layer, directory };
  const options = { name, engine: engineName, timeout, specFile, lease: ownLease() };
  const { project } = await prepared(context, options, (cluster) =>
    raise(context, options, cluster),
  );
  const { engine } = project;
  const plan = pausePlan(await engine.observe(name), 'it waits to be taken');
  await executeOnEngine(plan, { ...context, engine });
  await grantLease(context, engine, name, { pool: id, until: Date.now() + waitMs });
}

function ownLease(): { owner: ReturnType<typeof ownerOf> } {
  return { owner: ownerOf(process.pid, 'kcluster pool') };
}
