// The compose file of a tutorial, for the images that kcluster runs: nothing set but what the cluster needs to be one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

const kafkaPort = 39092;
const zookeeperPort = 32181;

/** Where clients on the host reach the brokers. */
export function bootstrap({ brokers }) {
  return numbers(brokers)
    .map((id) => `127.0.0.1:${kafkaPort + id}`)
    .join(',');
}

/** @returns the path of the file */
export function writeComposeFile(directory, { zookeepers, brokers }, images) {
  const path = join(directory, 'docker-compose.yml');
  const ids = numbers(zookeepers);
  const servers = ids.map((id) => `server.${id}=zookeeper${id}:2888:3888;2181`).join(' ');
  const services = Object.fromEntries([
    ...ids.map((id) => [`zookeeper${id}`, zookeeper(id, servers, images)]),
    ...numbers(brokers).map((id) => [`kafka${id}`, broker(id, { ids, brokers }, images)]),
  ]);
  writeFileSync(path, stringify({ version: '3.7', services }));
  return path;
}

function zookeeper(id, servers, images) {
  return {
    image: images.zookeeper,
    hostname: `zookeeper${id}`,
    ports: [`127.0.0.1:${zookeeperPort + id}:2181`],
    environment: {
      ZOO_MY_ID: id,
      ZOO_SERVERS: servers,
      ZOO_4LW_COMMANDS_WHITELIST: 'srvr,ruok',
    },
  };
}

function broker(id, { ids, brokers }, images) {
  const replication = Math.min(3, brokers);
  return {
    image: images.kafka,
    hostname: `kafka${id}`,
    depends_on: ids.map((each) => `zookeeper${each}`),
    ports: [`127.0.0.1:${kafkaPort + id}:9092`],
    volumes: [`${images.tools}:/tools:ro`],
    environment: {
      KAFKA_BROKER_ID: id,
      KAFKA_ZOOKEEPER_CONNECT: ids.map((each) => `zookeeper${each}:2181`).join(','),
      KAFKA_LISTENERS: 'INSIDE://:29092,OUTSIDE://:9092',
      KAFKA_ADVERTISED_LISTENERS: `INSIDE://kafka${id}:29092,OUTSIDE://127.0.0.1:${kafkaPort + id}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: replication,
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: replication,
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: Math.min(2, replication),
    },
  };
}

function numbers(count) {
  return Array.from({ length: count }, (_, index) => index + 1);
}
