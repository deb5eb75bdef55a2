import type { PlaceAddresses } from '../topology/places.js';
import type { ClientName } from './names.js';

/** Where a client is to connect. */
type Target = Pick<PlaceAddresses, 'bootstrapServers' | 'zookeeperConnect'>;

/** Settings to paste, for each client; they end without a newline. Pure. */
export const settings: Record<ClientName, (target: Target) => string> = {
  kafkajs: ({ bootstrapServers }) =>
    lines(
      "import { Kafka } from 'kafkajs';",
      '',
      'const kafka = new Kafka({',
      "  clientId: 'my-app',",
      `  brokers: [${listed(bootstrapServers, "'")}],`,
      '});',
    ),

  java: ({ bootstrapServers }) =>
    lines(
      `bootstrap.servers=${bootstrapServers}`,
      '# of producers',
      'key.serializer=org.apache.kafka.common.serialization.StringSerializer',
      'value.serializer=org.apache.kafka.common.serialization.StringSerializer',
      '# of consumers',
      'group.id=my-app',
      'auto.offset.reset=earliest',
      'key.deserializer=org.apache.kafka.common.serialization.StringDeserializer',
      'value.deserializer=org.apache.kafka.common.serialization.StringDeserializer',
    ),

  python: ({ bootstrapServers }) =>
    lines(
      'from confluent_kafka import Consumer, Producer',
      '',
      `config = {"bootstrap.servers": "${bootstrapServers}"}`,
      'producer = Producer(config)',
      'consumer = Consumer({**config, "group.id": "my-app", "auto.offset.reset": "earliest"})',
    ),

  'kafka-python': ({ bootstrapServers }) =>
    lines(
      'from kafka import KafkaConsumer, KafkaProducer',
      '',
      `config = {"bootstrap_servers": [${listed(bootstrapServers, '"')}]}`,
      'producer = KafkaProducer(**config)',
      'consumer = KafkaConsumer(**config, group_id="my-app", auto_offset_reset="earliest")',
    ),

  kcat: ({ bootstrapServers }) =>
    lines(
      `kcat -b ${bootstrapServers} -L`,
      `echo 'hello, world' | kcat -b ${bootstrapServers} -t my-topic -P`,
      `kcat -b ${bootstrapServers} -t my-topic -C -o beginning -e`,
    ),

  spring: ({ bootstrapServers }) =>
    lines(
      'spring:',
      '  kafka:',
      `    bootstrap-servers: ${bootstrapServers}`,
      '    consumer:',
      '      group-id: my-app',
      '      auto-offset-reset: earliest',
    ),

  env: ({ bootstrapServers, zookeeperConnect }) =>
    lines(
      `KAFKA_BOOTSTRAP_SERVERS=${bootstrapServers}`,
      ...(zookeeperConnect === undefined ? [] : [`ZOOKEEPER_CONNECT=${zookeeperConnect}`]),
    ),
};

function lines(...all: string[]): string {
  return all.join('\n');
}

/** Addresses hold nothing that a quoted string would have to escape. */
function listed(addresses: string, quote: string): string {
  return addresses
    .split(',')
    .map((address) => `${quote}${address}${quote}`)
    .join(', ');
}
