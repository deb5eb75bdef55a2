import { defaultKafkaVersion, pinnedVersion, readJarLock } from '../jars/lock.js';
import { localImageName, localImages } from './local.js';

/** The images of one cluster, and where their contract keeps data that must outlive a container. */
export interface ImagePair {
  zookeeper: { image: string; volumes: readonly DataVolume[] };
  kafka: { image: string; volumes: readonly DataVolume[] };
}

export interface DataVolume {
  /** The end of the volume's name: `zookeeper-1-data`. */
  suffix: string;
  /** The path inside the container. */
  target: string;
}

const zookeeperVolumes = [
  { suffix: 'data', target: '/data' },
  { suffix: 'datalog', target: '/datalog' },
];
const kafkaVolumes = [{ suffix: 'data', target: '/var/lib/kafka/data' }];

/**
 * Confluent's cp-kafka of each line of Kafka that is pinned, by Confluent's table of versions; 3.9 is the last line
 * that speaks to ZooKeeper.
 */
const cpKafka: Readonly<Record<string, string>> = {
  '2.8': '6.2.10',
  '3.5': '7.5.9',
  '3.6': '7.6.5',
  '3.7': '7.7.2',
  '3.8': '7.8.3',
  '3.9': '7.9.10',
};

/**
 * The official ZooKeeper image, whose servers take the clients of every one of these lines, and cp-kafka. Both read
 * their configuration from the environment by the rules that the local images share.
 */
function published(kafkaVersion: string): ImagePair {
  const line = kafkaVersion.split('.', 2).join('.');
  const tag = cpKafka[line];
  if (tag === undefined) throw new Error(`no published image has Kafka ${line}`);
  return {
    zookeeper: { image: 'zookeeper:3.9.5', volumes: zookeeperVolumes },
    kafka: { image: `confluentinc/cp-kafka:${tag}`, volumes: kafkaVolumes },
  };
}

/** The images of `kcluster images build`, and the only ones that the process engine runs. */
function local(kafkaVersion: string): ImagePair {
  const lock = readJarLock(kafkaVersion);
  return {
    zookeeper: { image: localImageName(localImages.zookeeper, lock), volumes: zookeeperVolumes },
    kafka: { image: localImageName(localImages.kafka, lock), volumes: kafkaVolumes },
  };
}

/**
 * The images of a cluster.
 * @param kafkaVersion a wish as `pinnedVersion` takes it; a published image is of the same line, its last number may differ
 * @throws KclusterError `invalidSpec` for a version that is not pinned
 */
export function imagePair(
  choice: 'published' | 'local',
  kafkaVersion: string = defaultKafkaVersion,
): ImagePair {
  const version = pinnedVersion(kafkaVersion);
  return choice === 'local' ? local(version) : published(version);
}
