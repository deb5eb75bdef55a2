import { randomBytes } from 'node:crypto';
import { startInBackground } from '../children/background.js';
import type { Engine, EngineSite } from '../cluster/engine.js';
import type { Lease } from '../cluster/lease.js';
import { poolKey, unpoolable } from '../pool/key.js';
import { poolKeys, readPool, type PoolRecord } from '../pool/record.js';
import { leaseOver } from '../reaper/lease-over.js';
import { simpleLayer } from '../spec/layer.js';
import type { ResolvedSpec } from '../spec/resolve.js';
import { anyOf, pause } from '../system/abort.js';
import { withStateLock } from '../system/state-lock.js';
import { kclusterVersion } from '../system/version.js';
import { executeOnEngine } from '../cluster/execute.js';
import { pausePlan, resumePlan } from '../cluster/teardown.js';
import type { OperationContext } from './context.js';
import { resolveOn, type DesignOptions } from './design.js';
import { grantLease } from './lease.js';
import { ownerOf } from './lease-options.js';
import { ownDefaults } from './own-defaults.js';
import { prepared, raise } from './raise.js';
import { remove } from './remove.js';

/** Enough for a broker to send what it sends ZooKeeper when it has said nothing for long, and for the answer. */
const breathMs = 250;

/** The pool in which a cluster of a design would wait. */
export function poolOf(
  engine: EngineSite,
  options: DesignOptions,
): { key: string; resolved: ResolvedSpec; unpoolable: string | undefined } {
  const nothing = { project: options.name, nodes: [], networks: [], volumes: [] };
  const resolved = resolveOn(engine, { ...options, defaults: ownDefaults }, nothing);
  const { spec } = resolved;
  const key = poolKey({ engine: engine.name, spec, version: kclusterVersion() });
  return { key, resolved, unpoolable: unpoolable({ spec }) };
}

/** The clusters that wait in a pool. */
export async function membersOf(engine: Engine, key: string): Promise<string[]> {
  const leases = await engine.leases();
  return [...leases]
    .filter(([, lease]) => lease.pool === key && leaseOver(lease) === undefined)
    .map(([project]) => project)
    .toSorted();
}

/**
 * Takes a cluster out of the pool of its shape: from then on it has the lease that is given. It is still paused.
 * @returns its name, and undefined where none waits; `key` where there is such a pool
 */
export async function takeMember(
  context: OperationContext,
  options: DesignOptions & { engine: Parameters<OperationContext['engines']['select']>[1] },
  lease: Lease,
): Promise<{ key?: string; name?: string }> {
  if ((await poolKeys(context.env)).length === 0) return {};
  const { engine } = await context.engines.select(options.name, options.engine);
  const { key } = poolOf(engine, options);
  if (!(await readPool(context.env, key))) return {};
  return await withStateLock(`.pool-${key}`, context, async () => {
    const [name] = await membersOf(engine, key);
    if (name !== undefined) await grantLease(context, engine, name, lease);
    return { key, ...(name !== undefined && { name }) };
  });
}

/**
 * Makes clusters until as many wait as the pool is to have, and removes those that are too many. Only one process at a
 * time fills a pool.
 * @returns how many wait then
 */
export async function fillPool(context: OperationContext, key: string): Promise<number> {
  return await withStateLock(`.pool-fill-${key}`, context, async () => {
    for (;;) {
      const record = await readPool(context.env, key);
      const engine = record && (await context.engines.select('pool', record.engine)).engine;
      const members = engine ? await membersOf(engine, key) : [];
      const size = record?.size ?? 0;
      if (members.length > size) await removeMembers(context, record, members.slice(size));
      if (!record || !engine || members.length >= size) return Math.min(members.length, size);
      await makeMember(context, key, record);
    }
  });
}

/** Removes clusters that wait; those that were taken meanwhile stay. */
async function removeMembers(
  context: OperationContext,
  record: Pick<PoolRecord, 'engine'> | undefined,
  members: readonly string[],
): Promise<void> {
  if (!record) return;
  for (const name of members)
    await remove(context, {
      name,
      engine: record.engine,
      volumes: true,
      cause: 'the pool is smaller',
    });
}

async function makeMember(
  context: OperationContext,
  key: string,
  { engine: engineName, spec, directory, timeout, waitMs }: PoolRecord,
): Promise<void> {
  const name = `pool-${randomBytes(4).toString('hex')}`;
  const layer = simpleLayer('file', { ...spec, name }, 'the pool');
  const options = {
    name,
    engine: engineName,
    timeout,
    specFile: { layer, directory },
    lease: { owner: ownerOf(process.pid, 'kcluster pool') },
  };
  const { project } = await prepared(context, options, (cluster) =>
    raise(context, options, cluster),
  );
  const { engine } = project;
  const plan = pausePlan(await engine.observe(name), 'it waits to be taken');
  await executeOnEngine(plan, { ...context, engine });
  await grantLease(context, engine, name, { pool: key, until: Date.now() + waitMs });
}

/**
 * Lets a cluster that waits go on for a moment, so that its sessions live: brokers whose session has expired take about
 * two seconds to come back. One that was taken meanwhile is left alone.
 */
export async function breathe(
  context: OperationContext,
  engine: Engine,
  key: string,
  name: string,
): Promise<void> {
  await withStateLock(`.pool-${key}`, context, async () => {
    if (!(await membersOf(engine, key)).includes(name)) return;
    const observed = await engine.observe(name);
    const at = { ...context, engine };
    await executeOnEngine(resumePlan(observed, 'its sessions expire'), at);
    await pause(breathMs, context.signal);
    await executeOnEngine(pausePlan(await engine.observe(name), 'it waits to be taken'), at);
  });
}

/** How long another keeper may take to end when it has found no pool. */
const handoverMs = 3000;

/** Runs the body, unless another process of this machine keeps its pools. */
export async function keepingPools(
  context: OperationContext,
  body: () => Promise<void>,
): Promise<void> {
  // Not AbortSignal.timeout: in Node.js 20 a signal made of others does not keep it from the garbage collector.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), handoverMs);
  const signal = anyOf(context.signal, late.signal);
  try {
    await withStateLock('.pool-keeper', { ...context, signal }, body);
  } finally {
    clearTimeout(timer);
  }
}

/** Sees to it that a process of this machine keeps its pools; for after a pool or its clusters have changed. */
export async function ensureKeeper({ env }: OperationContext): Promise<void> {
  await startInBackground(['pool-keeper'], env);
}
