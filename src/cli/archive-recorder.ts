import { Engines } from '../engines/engines.js';
import { KclusterError } from '../errors.js';
import { raiseOwn } from '../operations/own.js';
import { prune } from '../operations/prune.js';

/** A machine with other work to do gives this one little time. */
const patienceSeconds = 600;

/**
 * Records the class-data archives that nodes of these versions of Kafka lack: they record while they prove that they
 * work, and write as they end. Another process that does the same ends this one.
 */
export async function serveArchiveRecorder(
  kafkaVersions: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  const engines = new Engines(env);
  const context = { env, signal, emit: () => undefined, engines };
  try {
    // Of a recorder that was killed together with its reaper.
    await prune(context, [await engines.connect('process')], {});
    for (const kafka of kafkaVersions) {
      const cluster = await raiseOwn(context, {
        command: 'kcluster archive-recorder',
        engine: 'process',
        timeout: patienceSeconds,
        givenName: `archives-${kafka.replaceAll('.', '-')}`,
        kafka,
        smoke: true,
      });
      await cluster.remove();
    }
  } catch (error) {
    // There is nobody to tell; the next start goes as it did before.
    if (!(error instanceof KclusterError)) throw error;
  } finally {
    await engines.close();
  }
}
