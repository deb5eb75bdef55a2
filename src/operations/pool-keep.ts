import { executeOnEngine } from '../cluster/execute.js';
import type { ObservedProject } from '../cluster/observed.js';
import { pausePlan, resumePlan } from '../cluster/teardown.js';
import { KclusterError, messageOf } from '../errors.js';
import { readPool, type PoolRecord } from '../pool/record.js';
import { anyOf } from '../system/abort.js';
import { withStateLock } from '../system/state-lock.js';
import { recoverTopology } from '../topology/recover.js';
import type { OperationContext } from './context.js';
import { withProject, type LockedProject } from './locked.js';
import { waits } from './pool.js';
import { removeMember } from './pool-fill.js';
import { awaitSessions } from './zookeeper-sessions.js';

/**
 * Lets a cluster that waits go on until ZooKeeper has heard of each broker, so that their sessions live. One that was taken
 * meanwhile is left as it is; one that does not go on is removed.
 */
export async function breathe(context: OperationContext, key: string, name: string): Promise<void> {
  const record = await readPool(context.env, key);
  if (!record) return;
  try {
    await withProject(context, { name, engine: record.engine }, async (project) => {
      await goOn(context, project, record);
    });
  } catch (error) {
    if (!(error instanceof KclusterError) || error.kind === 'interrupted') throw error;
    const { engine } = await context.engines.select(name, record.engine);
    await removeMember(context, engine, key, messageOf(error), name);
  }
}

async function goOn(
  context: OperationContext,
  { engine, observed }: LockedProject,
  record: PoolRecord,
): Promise<void> {
  if (!waits(observed.lease, record)) return;
  assertNoneEnded(observed);
  const at = { ...context, engine };
  const topology = recoverTopology(observed);
  await executeOnEngine(resumePlan(observed, 'its sessions expire'), at);
  const deadline = performance.now() + record.timeout * 1000;
  await awaitSessions({ ...at, topology, deadline, takesBack: false });
  const now = await engine.observe(observed.project);
  // Whoever has taken it meanwhile waits for the project's lock, and would only let it go on again.
  if (waits(now.lease, record)) await executeOnEngine(pausePlan(now, 'it waits to be taken'), at);
}

function assertNoneEnded({ nodes }: ObservedProject): void {
  const ended = nodes.find(({ state }) => state !== 'paused' && state !== 'running');
  if (ended) throw new KclusterError('startFailed', `${ended.service} is ${ended.state}`);
}

/** How long another keeper may take to end when it has found no pool. */
const handoverMs = 3000;

/** Runs the body, unless another process keeps the pools of this state directory. */
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
