import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codeOf, KclusterError } from '../errors.js';

/** One jar of a Maven repository, pinned. */
export interface Jar {
  /** `group:artifact:version[:classifier]`. */
  coordinates: string;
  /** Where it lies in a Maven repository, with `/` between the parts. */
  path: string;
  /** Of its content, in lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
}

/** The one class path that a Kafka broker and a ZooKeeper server run from. */
export interface JarLock {
  /** Version of Kafka. */
  kafka: string;
  /** Version of the ZooKeeper in the same class path. */
  zookeeper: string;
  /** In class path order, which is the order of their paths. */
  jars: Jar[];
}

/** The newest Kafka that is pinned; the 3.9 line is the last that runs on ZooKeeper. */
export const defaultKafkaVersion = '3.9.2';

const directory = fileURLToPath(new URL('../../templates/jars/', import.meta.url));
const suffix = '.lock.json';

/**
 * The pinned jars of a Kafka version.
 * @throws KclusterError `invalidSpec` for a version without a lock file, naming those that have one.
 */
export function readJarLock(kafkaVersion: string): JarLock {
  try {
    return JSON.parse(readFileSync(lockFile(kafkaVersion), 'utf8')) as JarLock;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new KclusterError(
      'invalidSpec',
      `Kafka ${kafkaVersion} is not a version that kcluster pins`,
      {
        hints: [`Take one of these versions of Kafka: ${pinnedVersions().join(', ')}.`],
        cause: error,
      },
    );
  }
}

function lockFile(kafkaVersion: string): string {
  // A version is a file name here, never a path.
  return `${directory}kafka-${kafkaVersion.replaceAll(/[^\w.-]/g, '_')}${suffix}`;
}

/** The versions of Kafka that have a lock file. */
export function pinnedVersions(): string[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith('kafka-') && name.endsWith(suffix))
    .map((name) => name.slice('kafka-'.length, -suffix.length))
    .toSorted();
}
