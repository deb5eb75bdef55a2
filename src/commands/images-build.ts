import { ExitCode, KclusterError } from '../errors.js';
import { defaultKafkaVersion, pinnedVersion } from '../jars/lock.js';
import { buildLocalImages, type ImageBuilder } from '../operations/local-images.js';
import type { Outcome } from '../report/outcome.js';
import type { CommandContext } from './context.js';

export interface ImagesBuildOptions {
  base?: string;
  /** Versions of Kafka, as `pinnedVersion` takes them. */
  kafka?: readonly string[];
}

/** `kcluster images build`: makes the local images from the locked jars. */
export async function imagesBuild(
  context: CommandContext,
  { base, kafka = [defaultKafkaVersion] }: ImagesBuildOptions,
): Promise<Outcome> {
  const versions = new Set(kafka.map(pinnedVersion));
  const { engines: available, unavailable } = await context.engines.available();
  const builder = available.find((engine): engine is ImageBuilder => !!engine.buildImages);
  if (!builder) {
    const reason = unavailable.find(({ name }) => name === 'docker')?.reason;
    throw reason ?? new KclusterError('noEngine', 'no engine here builds images');
  }
  // Two versions of Kafka may have their ZooKeeper in common.
  const images = new Set<string>();
  for (const kafkaVersion of versions) {
    const options = { kafkaVersion, ...(base !== undefined && { base }) };
    for (const image of await buildLocalImages(context, builder, options)) images.add(image);
  }
  return {
    exitCode: ExitCode.ok,
    data: { images: [...images] },
    text: () =>
      [
        ...[...images].map((image) => `built ${image}`),
        ...[...versions].map((version) => `run Kafka ${version} with \`${runCommand(version)}\``),
      ].join('\n'),
  };
}

function runCommand(version: string): string {
  const flag = version === defaultKafkaVersion ? '' : ` --kafka ${version}`;
  return `kcluster up --images local${flag}`;
}
