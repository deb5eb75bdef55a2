import { engineNames, type Engine } from '../cluster/engine.js';
import type { OperationContext } from '../operations/context.js';
import { forgetKilled } from '../operations/forget.js';
import { grantLease, reap } from '../operations/lease.js';
import { leave, registerThis } from '../reaper/registration.js';
import { watchLeases } from '../reaper/watch.js';
import { Engines } from '../engines/engines.js';

/** How long a reaper that is asked to end goes on, for the clusters of a job that was asked the same. */
const graceMs = 10_000;

/** Runs the reaper of an engine until it has no lease to watch; `engineName`: of the command line. */
export async function serveReaper(
  engineName: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const name = engineNames.find((each) => each === engineName);
  if (!name) throw new Error(`no engine to watch: ${engineName}`);
  const end = new AbortController();
  endLate(end);
  const engines = new Engines(env);
  const context = { env, signal: end.signal, emit: () => undefined, engines };
  try {
    await serve(await engines.connect(name), context);
  } finally {
    await engines.close();
  }
}

async function serve(engine: Engine, context: OperationContext): Promise<void> {
  const watched = { engine, ...context };
  if (!(await registerThis(watched))) return;
  const deeds = {
    reap: async (project: string) => {
      await reap(context, engine, project);
    },
    renew: async (project: string, lease: Parameters<typeof grantLease>[3]) =>
      await grantLease(context, engine, project, lease),
    leave: async () => await leave(watched, async () => (await engine.leases()).size === 0),
  };
  await watchLeases(engine, deeds, context.signal);
  await forgetKilled(context);
}

/** A signal that ends a whole job reaches the reaper with the rest, and its work begins then. */
function endLate(end: AbortController): void {
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('SIGTERM', () => {
    setTimeout(() => end.abort(), graceMs).unref();
  });
}
