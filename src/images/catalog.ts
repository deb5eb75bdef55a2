import { pinnedVersions, readJarLock } from '../jars/lock.js';
import { localImages, localImageName } from './local.js';
import type { FamilyName } from './family-names.js';

/** A broker image and a ZooKeeper image that are known to go together. */
export interface KnownPair {
  family: FamilyName;
  /** `3.9`: the minor version of Kafka. */
  kafkaLine: string;
  kafka: string;
  zookeeper: string;
  /** As exactly as it is known. */
  zookeeperVersion: string;
  /** The broker's Java. */
  java: number;
  /** Those that both images have, by Docker's names. */
  architectures: readonly string[];
  /** `maintained`: still rebuilt; `frozen`: as it was last built; `abandoned`: and its makers have left. */
  status: 'maintained' | 'frozen' | 'abandoned' | 'own';
  /** What to know before relying on it. */
  hazards: readonly string[];
}

const common = ['amd64', 'arm64'];
const every = ['amd64', 'arm64', 'ppc64le', 's390x'];

/**
 * Confluent Platform by the line of Kafka that it is. The tags are those of its last or nearly last patch; up to
 * 3.5 Kafka's own ZooKeeper client is older than 3.8, for which ZooKeeper 3.8 promises to work.
 */
const confluentPlatform = [
  ['3.9', '7.9.10', '3.8', 17, 'maintained'],
  ['3.8', '7.8.7', '3.8', 17, 'maintained'],
  ['3.7', '7.7.8', '3.8', 17, 'maintained'],
  ['3.6', '7.6.10', '3.8', 11, 'maintained'],
  ['3.5', '7.5.12', '3.6', 11, 'frozen'],
  ['3.4', '7.4.10', '3.6', 11, 'frozen'],
  ['3.3', '7.3.10', '3.6', 11, 'frozen'],
  ['3.2', '7.2.15', '3.6', 11, 'frozen'],
  ['3.1', '7.1.13', '3.6', 11, 'frozen'],
  ['3.0', '7.0.16', '3.6', 11, 'frozen'],
  ['2.8', '6.2.15', '3.5', 11, 'frozen'],
] as const;

/** https://bugs.openjdk.org/browse/JDK-8348566 */
const oldJava = 'its Java may be too old for a kernel of 6.12 or newer (JDK-8348566)';

/** What `kcluster up` takes: the two that need the fewest exceptions. */
const defaults = confluentPlatform.map(([kafkaLine, tag, clientLine, java, status]): KnownPair => ({
  family: 'published',
  kafkaLine,
  kafka: `confluentinc/cp-kafka:${tag}`,
  ...(clientLine === '3.8'
    ? { zookeeper: 'zookeeper:3.9.5', zookeeperVersion: '3.9.5' }
    : { zookeeper: 'zookeeper:3.8.6', zookeeperVersion: '3.8.6' }),
  java,
  architectures: kafkaLine === '2.8' ? ['amd64'] : common,
  status,
  hazards: status === 'maintained' ? [] : [oldJava],
}));

const confluent = confluentPlatform.map(
  ([kafkaLine, tag, zookeeperVersion, java, status]): KnownPair => ({
    family: 'confluent',
    kafkaLine,
    kafka: `confluentinc/cp-kafka:${tag}`,
    zookeeper: `confluentinc/cp-zookeeper:${tag}`,
    zookeeperVersion,
    java,
    architectures: kafkaLine === '2.8' ? ['amd64'] : common,
    status,
    hazards: [
      'ZooKeeper takes a closed list of settings',
      ...(status === 'maintained' ? [] : [oldJava]),
    ],
  }),
);

const apache = [
  ['3.9', '3.9.2'],
  ['3.8', '3.8.1'],
  ['3.7', '3.7.2'],
].map(([kafkaLine = '', tag = '']): KnownPair => ({
  family: 'apache',
  kafkaLine,
  kafka: `apache/kafka:${tag}`,
  zookeeper: 'zookeeper:3.9.5',
  zookeeperVersion: '3.9.5',
  java: 21,
  architectures: common,
  status: 'frozen',
  hazards: ['its own start is KRaft only: the command is replaced'],
}));

const strimzi = [
  ['3.9', '0.45.2-kafka-3.9.2', '3.8.4'],
  ['3.8', '0.45.2-kafka-3.8.1', '3.8.4'],
  ['3.7', '0.43.0-kafka-3.7.1', '3.8.4'],
  ['3.6', '0.39.0-kafka-3.6.1', '3.8.3'],
  ['3.5', '0.37.0-kafka-3.5.1', '3.6.4'],
].map(([kafkaLine = '', tag = '', zookeeperVersion = '']): KnownPair => ({
  family: 'strimzi',
  kafkaLine,
  kafka: `quay.io/strimzi/kafka:${tag}`,
  zookeeper: `quay.io/strimzi/kafka:${tag}`,
  zookeeperVersion,
  java: 17,
  architectures: every,
  status: 'frozen',
  hazards: ['made for an operator: both nodes run by a replaced command'],
}));

const bitnami = (
  [
    ['3.9', '3.9.0', 17],
    ['3.8', '3.8.0', 17],
    ['3.7', '3.7', 17],
    ['3.6', '3.6.2', 17],
    ['3.5', '3.5.1', 17],
    ['3.4', '3.4.1', 17],
    ['3.3', '3.3.2', 17],
    ['3.2', '3.2.3', 11],
    ['2.8', '2.8.1', 11],
  ] as const
).map(([kafkaLine, tag, java]): KnownPair => ({
  family: 'bitnami',
  kafkaLine,
  kafka: `bitnamilegacy/kafka:${tag}`,
  ...(kafkaLine >= '3.6'
    ? {
        zookeeper: 'bitnamilegacy/zookeeper:3.9.3-debian-12-r22',
        zookeeperVersion: '3.9.3',
      }
    : { zookeeper: 'bitnamilegacy/zookeeper:3.8.4', zookeeperVersion: '3.8.4' }),
  java,
  architectures: kafkaLine === '2.8' ? ['amd64'] : common,
  status: 'frozen',
  hazards: ['no updates since August 2025', 'no values with `&` or `\\`'],
}));

const debezium = (
  [
    ['3.9', '3.1', '3.8.4', 21],
    ['3.7', '2.7', '3.8.3', 21],
    ['3.6', '2.5', '3.8.3', 11],
    ['3.5', '2.4', '3.6.4', 11],
    ['3.4', '2.2', '3.6.3', 11],
    ['3.3', '2.1', '3.6.3', 11],
    ['3.2', '1.9', '3.6.3', 11],
  ] as const
).map(([kafkaLine, tag, zookeeperVersion, java]): KnownPair => ({
  family: 'debezium',
  kafkaLine,
  kafka: `quay.io/debezium/kafka:${tag}`,
  zookeeper: `quay.io/debezium/zookeeper:${tag}`,
  zookeeperVersion,
  java,
  architectures: kafkaLine === '3.2' ? ['amd64'] : common,
  status: 'frozen',
  hazards: [
    'made for tutorials: ids, directories and the ensemble are fixed',
    'no values with `%`, `&` or `\\`',
  ],
}));

const wurstmeister: readonly KnownPair[] = [
  {
    family: 'wurstmeister',
    kafkaLine: '2.8',
    kafka: 'wurstmeister/kafka:2.13-2.8.1',
    zookeeper: 'zookeeper:3.8.6',
    zookeeperVersion: '3.8.6',
    java: 11,
    architectures: common,
    status: 'abandoned',
    hazards: [
      'not built since May 2022, and gone from Docker Hub for a while in 2024',
      'no values with `@`, `&` or `\\`',
      oldJava,
    ],
  },
];

/** The images of `kcluster images build`, of which there is one pair for each version with a lock file. */
function local(): KnownPair[] {
  return pinnedVersions()
    .toReversed()
    .map((version) => {
      const lock = readJarLock(version);
      return {
        family: 'local',
        kafkaLine: version.split('.').slice(0, 2).join('.'),
        kafka: localImageName(localImages.kafka, lock),
        zookeeper: localImageName(localImages.zookeeper, lock),
        zookeeperVersion: lock.zookeeper,
        java: 21,
        architectures: every,
        status: 'own',
        hazards: ['built on this machine; its Java is that of the base image'],
      };
    });
}

const published: Record<Exclude<FamilyName, 'local'>, readonly KnownPair[]> = {
  published: defaults,
  confluent,
  apache,
  strimzi,
  bitnami,
  debezium,
  wurstmeister,
};

/** The pairs of a family that are known to work, from its newest line of Kafka on. */
export function pairsOf(family: FamilyName): readonly KnownPair[] {
  return family === 'local' ? local() : published[family];
}
