import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { KclusterError } from '../errors.js';

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

/** What a Kafka broker runs from, its ZooKeeper client with the server in the same jar. */
export interface JarLock {
  /** Version of Kafka. */
  kafka: string;
  /** Version of ZooKeeper. */
  zookeeper: string;
  /** In class path order, which is the order of their paths. */
  jars: Jar[];
}

/** What one program runs from. */
export interface ClassPath {
  /** The program and its version, such as `zookeeper-3.8.4`. */
  name: string;
  /** In this order. */
  jars: readonly Jar[];
}

/** The newest Kafka that is pinned; the 3.9 line is the last that runs on ZooKeeper. */
export const defaultKafkaVersion = '3.9.2';

const directory = fileURLToPath(new URL('../../templates/jars/', import.meta.url));
const prefix = 'kafka-';
const suffix = '.lock.json';

/**
 * The pinned jars of a Kafka version.
 * @throws KclusterError `invalidSpec` for a version without a lock file, naming those that have one.
 */
export function readJarLock(kafkaVersion: string): JarLock {
  if (!pinnedVersions().includes(kafkaVersion)) throw notPinned(kafkaVersion);
  const file = `${directory}${prefix}${kafkaVersion}${suffix}`;
  return JSON.parse(readFileSync(file, 'utf8')) as JarLock;
}

/** The versions of Kafka that have a lock file, the oldest first. */
export function pinnedVersions(): string[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
    .map((name) => name.slice(prefix.length, -suffix.length))
    .toSorted();
}

/** The lines of Kafka that have a pinned release, such as `3.9`, the oldest first. */
export function pinnedLines(): string[] {
  return [...new Set(pinnedVersions().map(lineOf))];
}

/** `3.9.2` -> `3.9` */
function lineOf(version: string): string {
  return version.split('.', 2).join('.');
}

/**
 * The version of Kafka that a wish means: `3.5` is the pinned release of that line, `3` of the newest such line, and
 * a complete version is itself.
 * @throws KclusterError `invalidSpec` for one that is not pinned, naming those that are.
 */
export function pinnedVersion(wish: string): string {
  const newest = pinnedVersions().findLast((version) => `${version}.`.startsWith(`${wish}.`));
  if (newest === undefined) throw notPinned(wish);
  return newest;
}

function notPinned(version: string): KclusterError {
  const known = pinnedVersions();
  const near = known.find((each) => lineOf(each) === lineOf(version));
  const all = `Take one of these versions of Kafka: ${known.join(', ')}.`;
  return new KclusterError('invalidSpec', `Kafka ${version} is not a version that kcluster pins`, {
    hints: near === undefined ? [all] : [`The nearest is ${near}.`, all],
  });
}

/** Whose jars a ZooKeeper server loads classes of, when its admin server is off. */
const zooKeeperGroups = new Set([
  'ch.qos.reload4j',
  'commons-io',
  'io.dropwizard.metrics',
  'io.netty',
  'org.apache.yetus',
  'org.apache.zookeeper',
  'org.slf4j',
  'org.xerial.snappy',
]);

/**
 * The jars of a lock that its ZooKeeper server runs from. Two locks with one version of ZooKeeper have the same of
 * these, as a test holds them to: which of the locks a ZooKeeper comes from makes no difference.
 */
export function zooKeeperJars({ jars }: JarLock): Jar[] {
  return jars.filter(({ coordinates }) => zooKeeperGroups.has(coordinates.split(':')[0] ?? ''));
}
