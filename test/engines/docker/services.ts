import type { ComposeService } from '../../../src/compose/document.js';

/** Services of a small cluster, written by hand as the renderer would, with the images of `kcluster images build`. */

export const zooKeeperImage = 'kcluster/zookeeper:3.8.4';
const kafkaImage = 'kcluster/kafka:3.9.2';

export function zooKeeper(hostPort: number): ComposeService {
  return {
    image: zooKeeperImage,
    hostname: 'zookeeper-1',
    environment: {
      ZOO_MY_ID: '1',
      ZOO_SERVERS: 'server.1=zookeeper-1:2888:3888;2181',
      ZOO_ADMINSERVER_ENABLED: 'false',
      JVMFLAGS: '-Xms32m -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1',
    },
    ports: [`127.0.0.1:${hostPort}:2181`],
    volumes: ['zookeeper-1-data:/data', 'zookeeper-1-datalog:/datalog'],
    stop_grace_period: '30s',
    labels: {
      'io.kcluster.role': 'zookeeper',
      'io.kcluster.id': '1',
      'io.kcluster.host-address': `127.0.0.1:${hostPort}`,
      'io.kcluster.network-address': 'zookeeper-1:2181',
      'io.kcluster.peer-ports': '2888,3888',
    },
  };
}

export function broker(hostPort: number): ComposeService {
  return {
    image: kafkaImage,
    hostname: 'broker-1',
    environment: {
      KAFKA_BROKER_ID: '1',
      KAFKA_ZOOKEEPER_CONNECT: 'zookeeper-1:2181',
      KAFKA_LISTENERS: 'INTERNAL://:29092,HOST://:9092',
      KAFKA_ADVERTISED_LISTENERS: `INTERNAL://broker-1:29092,HOST://127.0.0.1:${hostPort}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'INTERNAL:PLAINTEXT,HOST:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INTERNAL',
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '3',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_LOG_CLEANER_DEDUPE_BUFFER_SIZE: '8388608',
      KAFKA_HEAP_OPTS: '-Xms64m -Xmx384m',
      KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
    },
    ports: [`127.0.0.1:${hostPort}:9092`],
    volumes: ['broker-1-data:/var/lib/kafka/data'],
    depends_on: ['zookeeper-1'],
    stop_grace_period: '60s',
    labels: {
      'io.kcluster.role': 'broker',
      'io.kcluster.id': '1',
      'io.kcluster.host-address': `127.0.0.1:${hostPort}`,
      'io.kcluster.network-address': 'broker-1:29092',
    },
  };
}
