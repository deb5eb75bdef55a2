import { defaultKafkaVersion, readJarLock } from '../jars/lock.js';

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
 * The official ZooKeeper image and Confluent's cp-kafka, whose 7.9 line is Kafka 3.9, the last that speaks
 * to ZooKeeper. Both read their configuration from the environment by the rules that the local images share.
 */
const published: ImagePair = {
  zookeeper: { image: 'zookeeper:3.9.5', volumes: zookeeperVolumes },
  kafka: { image: 'confluentinc/cp-kafka:7.9.10', volumes: kafkaVolumes },
};

/** The images of `kcluster images build`, and the only ones that the process engine runs. */
function local(): ImagePair {
  const lock = readJarLock(defaultKafkaVersion);
  return {
    zookeeper: { image: `kcluster/zookeeper:${lock.zookeeper}`, volumes: zookeeperVolumes },
    kafka: { image: `kcluster/kafka:${lock.kafka}`, volumes: kafkaVolumes },
  };
}

export function imagePair(choice: 'published' | 'local'): ImagePair {
  return choice === 'local' ? local() : published;
}
