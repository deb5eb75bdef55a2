import type Dockerode from 'dockerode';
import { Readable } from 'node:stream';
import type { BuiltImage } from '../../cluster/engine.js';
import { interrupted, KclusterError } from '../../errors.js';
import {
  localClassPath,
  localImageName,
  localImages,
  type LocalImage,
  type LocalRole,
} from '../../images/local.js';
import { ensureJars } from '../../jars/fetch.js';
import { readJarLock, type ClassPath, type JarLock } from '../../jars/lock.js';
import type { Emit } from '../../report/events.js';
import { diskFull, dockerFailure, found, isDiskFull } from './api-errors.js';
import { buildContext } from './build-context.js';
import { followBuild, type BuildOutcome } from './build-output.js';

/** A published image with a Java that Kafka 3.9 supports and little else. */
export const defaultBase = 'eclipse-temurin:21-jre';

export interface BuildOptions {
  /** The image to build on: any Linux with a Java 11 or later on its PATH, a POSIX shell and awk. */
  base: string;
  kafkaVersion: string;
  /** Class-data archives, by the name of the image. */
  archives?: ReadonlyMap<string, Buffer>;
  signal: AbortSignal;
  emit: Emit;
  /** Of the cache and the Maven repository; the process's own unless given. */
  env?: NodeJS.ProcessEnv;
}

/**
 * Builds kcluster/zookeeper and kcluster/kafka from the pinned jars, and tags them with what they run. Versions of
 * Kafka that have a ZooKeeper in common have its image in common, too: its content is the same, and Docker takes it
 * from its cache. An image that is there with a class-data archive, and is the same otherwise, stays.
 * @throws KclusterError `startFailed` when a jar cannot be had or the base does not do.
 */
export async function buildImages(docker: Dockerode, options: BuildOptions): Promise<BuiltImage[]> {
  const lock = readJarLock(options.kafkaVersion);
  const built: BuiltImage[] = [];
  for (const role of Object.keys(localImages) as LocalRole[]) {
    const image = localImages[role];
    const name = localImageName(image, lock);
    const classPath = localClassPath(role, lock);
    const files = await ensureJars(classPath, options);
    const classes = options.archives?.get(name);
    const build = { role, image, name, lock, classPath, files, ...(classes && { classes }) };
    const before = await found(docker.getImage(name).inspect());
    await buildImage(docker, build, options);
    const hasArchive = classes !== undefined || (await restored(docker, name, before));
    built.push({ reference: name, hasArchive });
  }
  return built;
}

const archiveLabel = 'kcluster.archive';

/** Gives the name back to the image that had it, if that one is the same but for the archive in its last layer. */
async function restored(
  docker: Dockerode,
  name: string,
  before: Dockerode.ImageInspectInfo | undefined,
): Promise<boolean> {
  if (!before || !hasLabel(before)) return false;
  const now = await docker.getImage(name).inspect();
  const withoutLast = ({ RootFS }: Dockerode.ImageInspectInfo): string =>
    (RootFS.Layers ?? []).slice(0, -1).join();
  if (withoutLast(now) !== withoutLast(before)) return false;
  const [repo = '', tag = ''] = name.split(':');
  await docker.getImage(before.Id).tag({ repo, tag });
  return true;
}

/** Of an image without any, Docker says null. */
function hasLabel({ Config }: Dockerode.ImageInspectInfo): boolean {
  const labels = Config.Labels as Record<string, string> | null;
  return labels?.[archiveLabel] !== undefined;
}

interface ImageBuild {
  /** Names the directory of its Dockerfile in the context. */
  role: LocalRole;
  image: LocalImage;
  name: string;
  lock: JarLock;
  classPath: ClassPath;
  /** The jars of the class path. */
  files: readonly string[];
  /** A class-data archive of them. */
  classes?: Buffer;
}

async function buildImage(
  docker: Dockerode,
  build: ImageBuild,
  { base, signal, emit }: BuildOptions,
): Promise<void> {
  const context = buildContext(build.classPath, build.files, build.classes);
  let outcome: BuildOutcome;
  try {
    const answer = await docker.buildImage(Readable.from(counted(context, build, emit)), {
      t: build.name,
      dockerfile: `${build.role}/Dockerfile`,
      buildargs: { BASE: base },
      labels: labels(build, base),
      rm: true,
      forcerm: true,
      abortSignal: signal,
    });
    outcome = await followBuild(answer);
  } catch (error) {
    if (signal.aborted) throw interrupted();
    throw dockerFailure(error, `build ${build.name}`);
  } finally {
    context.destroy();
    emit({ type: 'progress-done', task: build.name });
  }
  if (signal.aborted) throw interrupted();
  if (outcome.error !== undefined) throw buildFailure(outcome.error, outcome, build.name, base);
}

/** The context on its way to Docker. */
async function* counted(
  context: AsyncIterable<unknown>,
  { name, classPath }: ImageBuild,
  emit: Emit,
): AsyncGenerator<Buffer> {
  // What the archive adds to the jars is too little to count.
  const total = classPath.jars.reduce((sum, jar) => sum + jar.size, 0);
  let sent = 0;
  for await (const chunk of context as AsyncIterable<Buffer>) {
    sent += chunk.length;
    emit({ type: 'progress', task: name, current: Math.min(sent, total), total });
    yield chunk;
  }
}

/** The annotation keys of the Open Container Initiative. */
function labels({ role, image, lock, classes }: ImageBuild, base: string): Record<string, string> {
  const product = role === 'kafka' ? 'Apache Kafka' : 'Apache ZooKeeper';
  return {
    'org.opencontainers.image.title': image.repository,
    'org.opencontainers.image.description': `${product} for clusters of kcluster`,
    'org.opencontainers.image.version': image.version(lock),
    'org.opencontainers.image.licenses': 'Apache-2.0',
    'org.opencontainers.image.base.name': base,
    ...(classes && { [archiveLabel]: String(classes.length) }),
  };
}

function buildFailure(
  error: string,
  { instruction, lines }: BuildOutcome,
  name: string,
  base: string,
): KclusterError {
  const hint = 'Name another base with --base: a Linux image with Java 11 or later on its PATH.';
  const reason = error.trim().replaceAll(/\s*\n\s*/g, ' ');
  if (isDiskFull(reason)) return diskFull(`build ${name}`, error);
  if (reason.includes('invalid reference format')) {
    return new KclusterError('usage', `"${base}" is not the name of an image`, {
      hints: [hint],
      cause: error,
    });
  }
  if (instruction === '' || /^FROM /i.test(instruction)) {
    return new KclusterError(
      'startFailed',
      `no base image ${base} here, and none to pull: ${reason}`,
      {
        hints: [`Pull it once with a network: \`docker pull ${base}\`.`, hint],
        cause: error,
      },
    );
  }
  if (/java.*-version/.test(instruction)) {
    return new KclusterError('startFailed', `the base image ${base} has no java that runs`, {
      hints: [hint],
      details: lines,
      cause: error,
    });
  }
  return new KclusterError('startFailed', `cannot build ${name} on ${base}: ${reason}`, {
    hints: [hint],
    details: lines,
    cause: error,
  });
}
