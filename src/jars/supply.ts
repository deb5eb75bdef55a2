import { interrupted, KclusterError } from '../errors.js';
import type { Emit } from '../report/events.js';
import { mavenRepository, openDispatcher } from './repository.js';
import { supplyJar, type Supply } from './supply-jar.js';
import type { Jar } from './lock.js';

const atOnce = 6;

/** Brings jars into the cache; the stamps then have them. The first failure ends the work on the others. */
export async function supplyJars(
  jars: readonly Jar[],
  options: Pick<Supply, 'directory' | 'stamps' | 'env' | 'signal'> & { emit: Emit },
): Promise<void> {
  const { env, signal, emit } = options;
  const repository = mavenRepository(env);
  const dispatcher = await openDispatcher(env);
  const failure = new AbortController();
  const supply: Supply = {
    ...options,
    repository,
    dispatcher,
    signal: AbortSignal.any([signal, failure.signal]),
    onBytes: progress(jars, emit),
  };
  try {
    const errors = await inParallel(jars, async (jar) => {
      await supplyJar(jar, supply).catch((error: unknown) => {
        failure.abort();
        throw error;
      });
    });
    if (signal.aborted) throw interrupted();
    // The failure came before the interruptions that it caused.
    if (errors.length > 0) throw errors.find((error) => !isInterruption(error)) ?? errors[0];
  } finally {
    emit({ type: 'progress-done', task: 'jars' });
    await dispatcher.destroy();
  }
}

/** Works off a queue, `atOnce` at a time. Returns what was thrown, after all work has ended. */
async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<unknown[]> {
  const queue = [...items];
  const errors: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await work(item).catch((error: unknown) => errors.push(error));
      if (errors.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return errors;
}

/** Adds up the bytes of all jars. */
function progress(jars: readonly Jar[], emit: Emit): Supply['onBytes'] {
  const total = jars.reduce((sum, jar) => sum + jar.size, 0);
  const bytes = new Map<Jar, number>();
  let current = 0;
  return (jar, now) => {
    current += now - (bytes.get(jar) ?? 0);
    bytes.set(jar, now);
    emit({ type: 'progress', task: 'jars', current, total });
  };
}

function isInterruption(error: unknown): boolean {
  return error instanceof KclusterError && error.kind === 'interrupted';
}
