import { KclusterError } from '../../errors.js';
import {
  localClassPath,
  localImages,
  type LocalImage,
  type LocalRole,
} from '../../images/local.js';
import { pinnedVersions, readJarLock, type ClassPath } from '../../jars/lock.js';

export interface RunnableImage {
  role: LocalRole;
  image: LocalImage;
  classPath: ClassPath;
}

/**
 * What an image reference means here; undefined for an image that this engine does not run. Several locks may have the
 * ZooKeeper of a reference; any of them will do, since its class path is the same in each.
 */
export function findImage(reference: string): RunnableImage | undefined {
  for (const role of ['zookeeper', 'kafka'] as const) {
    const image: LocalImage = localImages[role];
    if (!reference.startsWith(`${image.repository}:`)) continue;
    const version = reference.slice(image.repository.length + 1);
    const lock = pinnedVersions()
      .map(readJarLock)
      .find((candidate) => image.version(candidate) === version);
    if (lock) return { role, image, classPath: localClassPath(role, lock) };
  }
  return undefined;
}

/**
 * The same, of an image that must be one of this engine's.
 * @param where what of the document names it, for the message
 * @throws KclusterError `invalidSpec`
 */
export function resolveImage(reference: string, where: string): RunnableImage {
  const found = findImage(reference);
  if (found) return found;
  throw new KclusterError('invalidSpec', `${where} ${reference} does not run as a local process`, {
    hints: [
      `The process engine runs these images: ${runnableImages().join(', ')}.`,
      'Run any other with `--engine docker`.',
    ],
  });
}

function runnableImages(): string[] {
  const locks = pinnedVersions().map(readJarLock);
  const names = Object.values(localImages).flatMap((image: LocalImage) =>
    locks.map((lock) => `${image.repository}:${image.version(lock)}`),
  );
  return [...new Set(names)];
}
