import { engineNames, type Engine } from '../cluster/engine.js';
import type { OperationContext } from '../operations/context.js';
import { grantLease, reap } from '../operations/lease.js';
import { forgetDeadRuns } from '../operations/forget-dead-runs.js';
import { forgetHalfMade } from '../operations/forget-half-made.js';
import { leave, registerThis } from '../reaper/registration.js';
import { watchLeases } from '../reaper/watch.js';
import { Engines } from '../engines/engines.js';
import { pause } from '../system/abort.js';
import { isAlive, type ProcessIdentity } from '../system/process-identity.js';

/** How long a reaper that is asked to end goes on, for the clusters of a job that was asked the same. */
const graceMs = 10_000;

const retryMs = 1000;
/** For as long as a cluster's owner on another machine is believed in: then others may remove what is left. */
const patienceMs = 3_600_000;

/**
 * Runs the reaper of an engine until it has no lease to watch, and whoever started it, about to grant one, has ended.
 * @param args of the command line: the engine, and the identity of that process
 */
export async function serveReaper(
  [engineName, pid, start = '']: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const name = engineNames.find((each) => each === engineName);
  if (!name) throw new Error(`no engine to watch: ${engineName}`);
  const end = new AbortController();
  endLate(end);
  const engines = new Engines(env);
  const context = { env, signal: end.signal, emit: () => undefined, engines };
  try {
    const engine = await patiently(async () => await engines.connect(name), end.signal);
    await serve(engine, context, { pid: Number(pid), start });
    await forgetHalfMade(context, engine);
    await forgetDeadRuns(context);
  } finally {
    await engines.close();
  }
}

/** A daemon that does not answer now will, once the machine has less to do or the daemon is restarted. */
async function patiently(connect: () => Promise<Engine>, signal: AbortSignal): Promise<Engine> {
  for (const giveUp = Date.now() + patienceMs; ;) {
    try {
      return await connect();
    } catch (error) {
      if (Date.now() > giveUp) throw error;
    }
    await pause(retryMs, signal);
  }
}

async function serve(
  engine: Engine,
  context: OperationContext,
  starter: ProcessIdentity,
): Promise<void> {
  const watched = { engine, ...context };
  if (!(await registerThis(watched))) return;
  const deeds = {
    reap: async (project: string) => {
      await reap(context, engine, project);
    },
    renew: async (project: string, lease: Parameters<typeof grantLease>[3]) =>
      await grantLease(context, engine, project, lease),
    leave: async () =>
      await leave(watched, async () => !isAlive(starter) && (await engine.leases()).size === 0),
  };
  await watchLeases(engine, deeds, context.signal);
}

/** A signal that ends a whole job reaches the reaper with the rest, and its work begins then. */
function endLate(end: AbortController): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('SIGTERM', () => {
    setTimeout(() => end.abort(), graceMs).unref();
  });
}
