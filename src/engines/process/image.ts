import { KclusterError } from '../../errors.js';
import {
  findLocalImage,
  localClassPath,
  localImageName,
  localImages,
  type LocalImage,
  type LocalRole,
} from '../../images/local.js';
import { pinnedVersions, readJarLock, type ClassPath } from '../../jars/lock.js';

export interface RunnableImage {
  role: LocalRole;
  image: LocalImage;
  classPath: ClassPath;
  /** The version of Kafka whose lock file has it. */
  kafka: string;
}

/** What an image reference means here; undefined for an image that this engine does not run. */
export function findImage(reference: string): RunnableImage | undefined {
  const found = findLocalImage(reference);
  if (!found) return undefined;
  const { role, lock } = found;
  return {
    role,
    image: localImages[role],
    classPath: localClassPath(role, lock),
    kafka: lock.kafka,
  };
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
    locks.map((lock) => localImageName(image, lock)),
  );
  return [...new Set(names)];
}
