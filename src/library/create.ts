import { Engines } from '../engines/engines.js';
import { interrupted, KclusterError } from '../errors.js';
import { environmentOf } from '../operations/environment.js';
import { raiseOwn } from '../operations/own.js';
import { readSpecFile } from '../operations/spec-file.js';
import type { SmokeReport } from '../smoke/report.js';
import { anyOf } from '../system/abort.js';
import { ownCluster, type LibraryContext } from './own-cluster.js';
import { engineWish, partsOf, timeoutOf } from './options.js';
import type { Cluster, ClusterOptions } from './types.js';

/**
 * Makes a cluster of this process, and resolves once it works. It is removed by `remove()`, by leaving the block of an
 * `await using`, or, should the process end before, by a process in the background. Where clusters of the same kind wait
 * in a pool (`kcluster pool`) and no name is given, one of them is taken; nobody has used it before.
 *
 * Nothing is printed, no signal is listened to, and the cluster does not keep the process running.
 * @throws KclusterError with what to do about it: `invalidSpec` with every problem of the options and the file,
 * `noEngine`, `conflict` with what is there, `startFailed`, `notReady` in time or when it fails its `smoke`,
 * `interrupted` when the signal aborts; nothing is left by then
 */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const env = options.env ?? process.env;
  const engines = new Engines(env);
  const never = new AbortController().signal;
  const context: LibraryContext = {
    env,
    signal: never,
    emit: options.onEvent ?? ((): void => undefined),
    engines,
  };
  try {
    return await make({ ...context, signal: anyOf(options.signal ?? never) }, context, options);
  } catch (error) {
    await engines.close();
    throw error;
  }
}

/** @param later for a cluster that is there: whatever was to end the making, it is not to end what comes after */
async function make(
  making: LibraryContext,
  later: LibraryContext,
  options: ClusterOptions,
): Promise<Cluster> {
  const { said, ways } = partsOf(options);
  const { file, name, smoke = false } = ways;
  const timeout = timeoutOf(options);
  const engine = engineWish(options);
  if (making.signal.aborted) throw interrupted();
  const specFile = file === undefined ? undefined : await readSpecFile(file, making.env);
  const own = await raiseOwn(making, {
    command: [process.argv0, ...process.argv.slice(1)].join(' '),
    engine,
    timeout,
    said,
    smoke,
    ...(name !== undefined && { givenName: name }),
    ...(specFile && { specFile }),
  });
  try {
    if (own.smoke && !own.smoke.ok) throw notProven(own.smoke);
    const { engine: taken } = own.project;
    const environment = environmentOf(taken.name, await taken.observe(own.name));
    return ownCluster(later, own, { environment, timeout });
  } catch (error) {
    await own.remove();
    throw error;
  }
}

function notProven({ cluster, checks }: SmokeReport): KclusterError {
  const failed = checks.filter(({ ok }) => !ok);
  const some = `${failed.length} of ${checks.length} checks`;
  return new KclusterError('notReady', `cluster "${cluster}" fails ${some}`, {
    details: failed.map(({ name, expected, seen }) => `${name}: expected ${expected}; saw ${seen}`),
    hints: ['See what is lacking on this machine: `kcluster doctor`.'],
  });
}
