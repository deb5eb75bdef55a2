import { fileURLToPath } from 'node:url';
import {
  defaultKafkaVersion,
  pinnedVersions,
  readJarLock,
  zooKeeperJars,
  type ClassPath,
  type Jar,
  type JarLock,
} from '../jars/lock.js';

/** What is to be known of an image of `kcluster images build`, to build it and to run its like as a process. */
export interface LocalImage {
  repository: string;
  /** The tag, which is the version of what runs. */
  version: (lock: JarLock) => string;
  /** What of the lock it runs from. */
  jars: (lock: JarLock) => readonly Jar[];
  /** The environment that the image sets; a container's own environment goes over it. */
  environment: Readonly<Record<string, string>>;
  mainClass: string;
  /** The variables that carry options of the JVM, split at white space, in the order of its command line. */
  jvmVariables: readonly string[];
  /** The variables that carry a path in the node's file system; one of KAFKA_LOG_DIRS may be a list with commas. */
  pathVariables: readonly string[];
}

/** The two images; their Dockerfiles are in templates/images and say the same. */
export const localImages = {
  zookeeper: {
    repository: 'kcluster/zookeeper',
    version: (lock) => lock.zookeeper,
    jars: zooKeeperJars,
    // The names and defaults of the official image, but for the admin server: it needs Jetty, which is not among
    // Kafka's jars.
    environment: {
      ZOO_CONF_DIR: '/conf',
      ZOO_DATA_DIR: '/data',
      ZOO_DATA_LOG_DIR: '/datalog',
      ZOO_TICK_TIME: '2000',
      ZOO_INIT_LIMIT: '5',
      ZOO_SYNC_LIMIT: '2',
      ZOO_AUTOPURGE_PURGEINTERVAL: '0',
      ZOO_AUTOPURGE_SNAPRETAINCOUNT: '3',
      ZOO_MAX_CLIENT_CNXNS: '60',
      ZOO_STANDALONE_ENABLED: 'true',
      ZOO_ADMINSERVER_ENABLED: 'false',
      SERVER_JVMFLAGS: '-Xmx512m',
    },
    mainClass: 'org.apache.zookeeper.server.quorum.QuorumPeerMain',
    // The order of zkServer.sh.
    jvmVariables: ['SERVER_JVMFLAGS', 'JVMFLAGS'],
    pathVariables: ['ZOO_CONF_DIR', 'ZOO_DATA_DIR', 'ZOO_DATA_LOG_DIR'],
  },
  kafka: {
    repository: 'kcluster/kafka',
    version: (lock) => lock.kafka,
    jars: (lock) => lock.jars,
    environment: {
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_HEAP_OPTS: '-Xms256m -Xmx1g',
      KAFKA_JVM_PERFORMANCE_OPTS:
        '-XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent',
    },
    mainClass: 'kafka.Kafka',
    // The order of kafka-run-class.sh.
    jvmVariables: [
      'KAFKA_HEAP_OPTS',
      'KAFKA_JVM_PERFORMANCE_OPTS',
      'KAFKA_GC_LOG_OPTS',
      'KAFKA_JMX_OPTS',
      'KAFKA_LOG4J_OPTS',
      'KAFKA_OPTS',
    ],
    pathVariables: ['KAFKA_LOG_DIRS', 'KAFKA_LOG_DIR'],
  },
} as const satisfies Record<'zookeeper' | 'kafka', LocalImage>;

export type LocalRole = keyof typeof localImages;

/** What the image of a role holds; the same for every lock with the same version of its program. */
export function localClassPath(role: LocalRole, lock: JarLock): ClassPath {
  const image = localImages[role];
  return { name: `${role}-${image.version(lock)}`, jars: image.jars(lock) };
}

/** `kcluster/kafka:3.9.2` */
export function localImageName(image: LocalImage, lock: JarLock): string {
  return `${image.repository}:${image.version(lock)}`;
}

/**
 * The role of a local image and a lock that has its version; undefined for any other image. Several locks may have the
 * ZooKeeper of a reference; any of them will do, since its class path is the same in each.
 */
export function findLocalImage(reference: string): { role: LocalRole; lock: JarLock } | undefined {
  const versions = new Set([defaultKafkaVersion, ...pinnedVersions()]);
  const roles = Object.keys(localImages) as LocalRole[];
  for (const lock of [...versions].map(readJarLock)) {
    const role = roles.find((each) => localImageName(localImages[each], lock) === reference);
    if (role) return { role, lock };
  }
  return undefined;
}

/** The JVM options of a node, in the order of its command line. `env`: its complete environment. */
export function jvmOptions(image: LocalImage, env: Readonly<Record<string, string>>): string[] {
  return image.jvmVariables.flatMap((name) => (env[name] ?? '').split(/[ \t\n]+/).filter(Boolean));
}

/** The directory of the images' files: Dockerfiles, entry points, logging. */
export const imageTemplates: string = fileURLToPath(
  new URL('../../templates/images/', import.meta.url),
);

/** The log4j 1.2 configuration that both images, and both kinds of process, run with. */
export const log4jConfiguration: string = `${imageTemplates}log4j.properties`;
