import { ExitCode, KclusterError } from '../errors.js';
import { defaultKafkaVersion } from '../jars/lock.js';
import type { Outcome } from '../report/outcome.js';
import type { CommandContext } from './context.js';

/** `kcluster images build`: makes the local images from the locked jars. */
export async function imagesBuild(
  { engines, signal, emit }: CommandContext,
  { base }: { base?: string },
): Promise<Outcome> {
  const { engines: available, unavailable } = await engines.available();
  const builder = available.find((engine) => engine.buildImages !== undefined);
  if (!builder?.buildImages) {
    const reason = unavailable.find(({ name }) => name === 'docker')?.reason;
    throw reason ?? new KclusterError('noEngine', 'no engine here builds images');
  }
  const images = await builder.buildImages({
    kafkaVersion: defaultKafkaVersion,
    ...(base !== undefined && { base }),
    signal,
    emit,
  });
  return {
    exitCode: ExitCode.ok,
    data: { images },
    text: () =>
      [
        ...images.map((image) => `built ${image}`),
        'run them with `kcluster up --images local`',
      ].join('\n'),
  };
}
