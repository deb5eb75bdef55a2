import { randomBytes } from 'node:crypto';
import { startInBackground } from '../children/background.js';
import type { Engine, EngineSite } from '../cluster/engine.js';
import type { Lease } from '../cluster/lease.js';
import { shortestSession } from '../compose/session-timeout.js';
import { poolKey, unpoolable } from '../pool/key.js';
import { allPools, poolKeys, readPool, writePool, type PoolRecord } from '../pool/record.js';
import { leaseOver } from '../reaper/lease-over.js';
import type { ResolvedSpec } from '../spec/resolve.js';
import { withStateLock } from '../system/state-lock.js';
import { kclusterVersion } from '../system/version.js';
import type { OperationContext } from './context.js';
import { resolveOn, type DesignOptions } from './design.js';
import { grantLease } from './lease.js';
import { ownDefaults } from './own-defaults.js';

/** The pool in which a cluster of a design would wait. */
export function poolOf(
  engine: EngineSite,
  options: DesignOptions,
): { key: string; resolved: ResolvedSpec; unpoolable: string | undefined; sessionMs: number } {
  const nothing = { project: options.name, nodes: [], networks: [], volumes: [] };
  const resolved = resolveOn(engine, { ...options, defaults: ownDefaults }, nothing);
  const { spec } = resolved;
  const key = poolKey({ engine: engine.name, spec, version: kclusterVersion() });
  return { key, resolved, unpoolable: unpoolable({ spec }), sessionMs: shortestSession(spec) };
}

/** Says what a pool is to be. One that is there stays the same with its clusters, and is tried to be filled again. */
export async function setPool(
  context: OperationContext,
  key: string,
  wish: Omit<PoolRecord, 'id' | 'failure'>,
): Promise<PoolRecord> {
  return await withStateLock(`.pool-${key}`, context, async () => {
    const id = (await readPool(context.env, key))?.id ?? randomBytes(6).toString('hex');
    const record = { id, ...wish };
    await writePool(context.env, key, record);
    return record;
  });
}

/** Writes why a pool can't be filled: nobody tries again before somebody asks for it. */
export async function noteFailure(
  context: OperationContext,
  key: string,
  failure: string,
): Promise<void> {
  await withStateLock(`.pool-${key}`, context, async () => {
    const record = await readPool(context.env, key);
    if (record) await writePool(context.env, key, { ...record, failure });
  });
}

/** A pool and the clusters that wait in it. */
export interface FoundPool {
  key: string;
  record: PoolRecord;
  /** Undefined where its engine does not answer. */
  members: readonly string[] | undefined;
}

/** All pools of this state directory. Each engine is asked once. */
export async function findPools(context: OperationContext): Promise<FoundPool[]> {
  const records = [...(await allPools(context.env))];
  if (records.length === 0) return [];
  const { engines } = await context.engines.available();
  const wanted = engines.filter(({ name }) => records.some(([, { engine }]) => engine === name));
  const leases = new Map(
    await Promise.all(wanted.map(async (engine) => [engine.name, await engine.leases()] as const)),
  );
  return records.map(([key, record]) => {
    const there = leases.get(record.engine);
    return { key, record, members: there && waitingIn(there, record) };
  });
}

/** The clusters that wait in a pool, by their leases. */
export function waitingIn(
  leases: ReadonlyMap<string, Lease>,
  { id }: Pick<PoolRecord, 'id'>,
): string[] {
  return [...leases]
    .filter(([, lease]) => waits(lease, { id }))
    .map(([project]) => project)
    .toSorted();
}

/** Whether the cluster of a lease waits in a pool. */
export function waits(lease: Lease | undefined, { id }: Pick<PoolRecord, 'id'>): boolean {
  return lease?.pool === id && leaseOver(lease) === undefined;
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
  const name = await claim(context, engine, key, lease);
  return { key, ...(name !== undefined && { name }) };
}

/**
 * Gives a cluster that waits another lease, by which nobody else has it.
 * @param wished the one that is to be had; any when it is left out
 * @returns its name; undefined when none waits, or the wished one no longer
 */
export async function claim(
  context: OperationContext,
  engine: Engine,
  key: string,
  lease: Lease,
  wished?: string,
): Promise<string | undefined> {
  return await withStateLock(`.pool-${key}`, context, async () => {
    const record = await readPool(context.env, key);
    const waiting = record ? waitingIn(await engine.leases(), record) : [];
    const name = waiting.find((each) => wished === undefined || each === wished);
    if (name !== undefined) await grantLease(context, engine, name, lease);
    return name;
  });
}

/** Sees to it that a process keeps the pools of this state directory; for when a pool or its clusters have changed. */
export async function ensureKeeper({ env }: OperationContext): Promise<void> {
  await startInBackground(['pool-keeper'], env);
}
