import type { BuiltImage, Engine } from '../cluster/engine.js';
import { executeOnEngine } from '../cluster/execute.js';
import { stopPlan } from '../cluster/teardown.js';
import { jvmDefaults } from '../compose/jvm-defaults.js';
import { KclusterError } from '../errors.js';
import { simpleLayer } from '../spec/layer.js';
import type { SpecTree } from '../spec/path.js';
import type { OperationContext } from './context.js';
import { raiseOwn } from './own.js';

/** An engine that has images of its own. */
export type ImageBuilder = Engine & Required<Pick<Engine, 'buildImages'>>;

export interface LocalImagesOptions {
  kafkaVersion: string;
  base?: string;
}

/**
 * Builds the local images, with the class-data archives that their JVMs write at the end of a cluster that is made for
 * it. Without an archive an image works as well, and only starts later: that one can't be had is a warning.
 * @returns their references
 * @throws KclusterError as `Engine.buildImages`; `interrupted`
 */
export async function buildLocalImages(
  context: OperationContext,
  builder: ImageBuilder,
  options: LocalImagesOptions,
): Promise<string[]> {
  const { signal, emit } = context;
  const built = await builder.buildImages({ ...options, signal, emit });
  const lacking = built.filter(({ hasArchive }) => !hasArchive);
  if (lacking.length > 0) {
    const archives = await recorded(context, builder, options, lacking);
    if (archives.size > 0) await builder.buildImages({ ...options, archives, signal, emit });
  }
  return built.map(({ reference }) => reference);
}

const archivePath = '/tmp/classes.jsa';
/** A JVM before Java 13 records nothing. */
const recordOptions = [
  '-XX:+IgnoreUnrecognizedVMOptions',
  `-XX:ArchiveClassesAtExit=${archivePath}`,
];
const patienceSeconds = 300;

/** The archives of the images that lack one, by reference. */
async function recorded(
  context: OperationContext,
  builder: ImageBuilder,
  { kafkaVersion: version }: LocalImagesOptions,
  lacking: readonly BuiltImage[],
): Promise<Map<string, Buffer>> {
  context.emit({
    type: 'notice',
    message: 'a cluster of these images starts and ends, to record class-data archives for them',
  });
  try {
    const cluster = await raiseOwn(context, {
      command: 'kcluster images build',
      engine: builder.name,
      timeout: patienceSeconds,
      said: simpleLayer('program', recording(version), '`kcluster images build`'),
      smoke: true,
    });
    try {
      return await archivesOf(context, builder, cluster.name, lacking);
    } finally {
      await cluster.remove();
    }
  } catch (error) {
    if (!(error instanceof KclusterError) || error.kind === 'interrupted') throw error;
    const message = `the images have no class-data archives: ${error.message}`;
    context.emit({ type: 'warning', message });
    return new Map();
  }
}

/** A cluster whose JVMs record, with the options of the documents otherwise, so that an archive fits theirs best. */
function recording(version: string): SpecTree {
  const { kafka, zookeeper } = jvmDefaults('fast');
  return {
    images: 'local',
    kafka: { version, jvmOptions: [...kafka.jvmOptions, ...recordOptions] },
    zookeeper: { jvmOptions: [...zookeeper.jvmOptions, ...recordOptions] },
  };
}

async function archivesOf(
  context: OperationContext,
  engine: Engine,
  name: string,
  lacking: readonly BuiltImage[],
): Promise<Map<string, Buffer>> {
  const observed = await engine.observe(name);
  const plan = stopPlan(observed, 'its JVMs write what they have recorded');
  await executeOnEngine(plan, { ...context, engine });
  const archives = new Map<string, Buffer>();
  for (const { service, image } of observed.nodes) {
    if (!lacking.some(({ reference }) => reference === image)) continue;
    const archive = await engine.readFile(name, service, archivePath);
    if (archive) archives.set(image, archive);
  }
  return archives;
}
