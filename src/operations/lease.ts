import { endMarked } from '../children/marked.js';
import type { Engine } from '../cluster/engine.js';
import { executeOnEngine } from '../cluster/execute.js';
import type { Lease } from '../cluster/lease.js';
import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import type { EngineStep } from '../cluster/plan.js';
import { teardown } from '../cluster/teardown.js';
import { leaseOver } from '../reaper/lease-over.js';
import { ensureReaper } from '../reaper/registration.js';
import { pause } from '../system/abort.js';
import { stateOf } from '../system/machine-process.js';
import type { OperationContext } from './context.js';
import { forgetDeadRuns } from './forget-dead-runs.js';
import { withProject } from './locked.js';

/** More than a daemon takes for one request. */
const settleMs = 1000;

/**
 * Gives a cluster a lease, before anything of the cluster is made, so that whatever becomes of this run it will be
 * removed; and sees to it that somebody does.
 */
export async function leaseCluster(
  context: OperationContext,
  engine: Engine,
  project: string,
  lease: Lease,
): Promise<void> {
  const watched = { engine, env: context.env, signal: context.signal };
  await ensureReaper(watched);
  await grantLease(context, engine, project, lease);
  // One that was there before may have left meanwhile, as it saw no lease.
  await ensureReaper(watched);
}

/** Gives a cluster a lease in place of the one that it has. */
export async function grantLease(
  context: OperationContext,
  engine: Engine,
  project: string,
  lease: Lease,
): Promise<void> {
  await perform(context, engine, project, { kind: 'grant-lease', lease });
}

/** A cluster whose lease ends stays until it is taken down. */
export async function endLease(
  context: OperationContext,
  engine: Engine,
  project: string,
): Promise<void> {
  await perform(context, engine, project, { kind: 'end-lease' });
}

async function perform(
  context: OperationContext,
  engine: Engine,
  project: string,
  step: EngineStep,
): Promise<void> {
  const plan = { project, stages: [[{ step, cause: 'as asked for' }]] };
  await executeOnEngine(plan, { ...context, engine });
}

/**
 * Removes a cluster with its data if its lease is over, as far as is known once no other run changes it. What its owner
 * has left running ends before: it may be what changes the cluster.
 * @returns why it went; undefined when it stays
 */
export async function reap(
  context: OperationContext,
  { name: engineName }: Pick<Engine, 'name'>,
  name: string,
): Promise<string | undefined> {
  const { observed } = await context.engines.select(name, engineName);
  await endLeftBehind(observed, context.signal);
  return await withProject(context, { name, engine: engineName }, async ({ engine, observed }) => {
    const cause = leaseOver(observed.lease);
    if (cause === undefined) return undefined;
    for (
      let left: ObservedProject | undefined = observed;
      left;
      left = await laterLook(context, engine, name)
    ) {
      const plan = teardown({ ...left, lease: undefined }, { volumes: true, cause });
      await executeOnEngine(plan, { ...context, engine });
    }
    await endLease(context, engine, name);
    await forgetDeadRuns(context);
    return cause;
  });
}

/** Ends what an owner that has ended itself has left running. */
async function endLeftBehind(
  { lease }: Pick<ObservedProject, 'lease'>,
  signal: AbortSignal,
): Promise<void> {
  const owner = lease?.owner;
  if (owner?.mark !== undefined && stateOf(owner) === 'ended') await endMarked(owner.mark, signal);
}

/**
 * What is there when the engine has had time to carry out what a run asked for before it was killed; undefined for
 * nothing.
 */
async function laterLook(
  { signal }: OperationContext,
  engine: Engine,
  project: string,
): Promise<ObservedProject | undefined> {
  await pause(settleMs, signal);
  const left = await engine.observe(project);
  return isAbsent(left) ? undefined : left;
}
