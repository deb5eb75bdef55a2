import { randomBytes } from 'node:crypto';
import { endMarked } from '../children/marked.js';
import type { Engine } from '../cluster/engine.js';
import type { Lease } from '../cluster/lease.js';
import { isAbsent } from '../cluster/observed.js';
import type { Plan } from '../cluster/plan.js';
import { KclusterError } from '../errors.js';
import { ensureReaper } from '../reaper/registration.js';
import { nameIn } from '../spec/resolve.js';
import type { OperationContext } from './context.js';
import { endLease } from './lease.js';
import { ownerOf } from './lease-options.js';
import { ownDefaults } from './own-defaults.js';
import { ensureKeeper, takeMember } from './pool.js';
import { prepared, raise, type Raised, type RaiseOptions } from './raise.js';
import { remove } from './remove.js';

/** How a cluster of this process is made; its name, its ports and its lease are chosen here. */
export interface OwnOptions extends Omit<RaiseOptions, 'name' | 'lease' | 'defaults' | 'keep'> {
  /** For whom it is, in words of a command line. */
  command: string;
  /** Of the lease, too: milliseconds from now on. */
  detachAfter?: number;
}

/** A cluster that this process has for itself. */
export interface OwnCluster extends Raised {
  name: string;
  /** What was done to make it. */
  plan: Plan;
  /** Unlike that of any other: whatever has it in its environment, as KCLUSTER_RUN, ends with this process. */
  mark: string;
  /** Ends whatever has the mark, and removes the cluster with its data; also when the run was told to end. */
  remove: () => Promise<void>;
  /** Takes its lease away, so that it stays until somebody takes it down. */
  keep: () => Promise<void>;
}

/** How often it is seen to that somebody would clean up after this process. */
const watchMs = 1000;

/**
 * Makes a cluster that nobody else has, with a name that is new unless one is given, on free ports unless others are
 * asked for; it is gone when this process is, however that ends.
 * @throws KclusterError as `raise`; `conflict` when there is a cluster of the given name
 */
export async function raiseOwn(
  context: OperationContext,
  { command, detachAfter, ...wished }: OwnOptions,
): Promise<OwnCluster> {
  const mark = randomBytes(16).toString('hex');
  const lease: Lease = {
    owner: { ...ownerOf(process.pid, command), mark },
    ...(detachAfter !== undefined && { until: Date.now() + detachAfter }),
  };
  const options = { ...wished, defaults: ownDefaults, lease };
  const raised = (await fromPool(context, options)) ?? (await anew(context, options));
  const { name } = raised.design.spec;
  const { engine } = raised.project;
  const stopWatching = watch(context, engine);
  return {
    ...raised,
    name,
    mark,
    remove: async () => {
      stopWatching();
      const going = unending(context);
      await endMarked(mark, going.signal);
      await remove(going, {
        name,
        engine: engine.name,
        volumes: true,
        cause: 'its run is over',
      });
    },
    keep: async () => {
      stopWatching();
      await endLease(unending(context), engine, name);
    },
  };
}

type Planned = Raised & { plan: Plan };
type Wish = Omit<RaiseOptions, 'name'> & { lease: Lease };

/** A cluster that was made in advance; undefined where none waits, or where it does not work any more. */
async function fromPool(context: OperationContext, options: Wish): Promise<Planned | undefined> {
  if (options.givenName !== undefined) return undefined;
  const { key, name } = await takeMember(
    context,
    { ...options, name: newName(options) },
    options.lease,
  );
  if (key === undefined) return undefined;
  try {
    return name === undefined ? undefined : await raiseNamed(context, options, name, false);
  } catch (error) {
    await remove(unending(context), { ...options, name: name!, volumes: true, cause: 'it failed' });
    if (!(error instanceof KclusterError) || error.kind === 'interrupted') throw error;
    context.emit({ type: 'warning', message: `${name} of the pool failed: ${error.message}` });
    return undefined;
  } finally {
    await ensureKeeper(context);
  }
}

async function anew(context: OperationContext, options: Wish): Promise<Planned> {
  return await raiseNamed(context, options, options.givenName ?? newName(options), true);
}

async function raiseNamed(
  context: OperationContext,
  wish: Wish,
  name: string,
  isNew: boolean,
): Promise<Planned> {
  const options = { ...wish, name, givenName: name };
  return await prepared(context, options, async (cluster) => {
    if (isNew && !isAbsent(cluster.project.observed)) throw taken(name);
    return { ...(await raise(context, options, cluster)), plan: cluster.plan };
  });
}

/**
 * `orders-1f2e3d4c` for a file that names its cluster `orders`.
 * @param longest how many characters it may have
 */
export function newName({ specFile }: Pick<OwnOptions, 'specFile'>, longest = 40): string {
  const stem = (specFile && nameIn(specFile.layer)) ?? 'run';
  return `${stem.slice(0, longest - 9)}-${randomBytes(4).toString('hex')}`;
}

function taken(name: string): KclusterError {
  return new KclusterError('conflict', `there is a cluster "${name}" already`, {
    hints: [
      'Leave the name out: the cluster gets one that is new.',
      `Or remove the other one: \`kcluster down --volumes --name ${name}\`.`,
    ],
  });
}

/** A reaper that is killed before this process is replaced. */
function watch({ env, signal }: OperationContext, engine: Engine): () => void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    ensureReaper({ engine, env, signal })
      // Its absence is found again a second later.
      .catch(() => undefined)
      .finally(() => (busy = false));
  }, watchMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** What cleans up must not be ended by what has ended the run. */
function unending(context: OperationContext): OperationContext {
  return { ...context, signal: new AbortController().signal };
}
