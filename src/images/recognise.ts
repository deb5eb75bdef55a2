import type { KafkaFamily, ZooKeeperFamily } from './family.js';
import { isOf, parseReference } from './reference.js';
import { apacheKafka } from './vendors/apache.js';
import { bitnamiKafka, bitnamiZooKeeper } from './vendors/bitnami.js';
import { confluentKafka, confluentZooKeeper } from './vendors/confluent.js';
import { debeziumKafka, debeziumZooKeeper } from './vendors/debezium.js';
import { localKafka, localZooKeeper } from './vendors/kcluster.js';
import { officialZooKeeper } from './vendors/official.js';
import { strimziKafka, strimziZooKeeper } from './vendors/strimzi.js';
import { wurstmeisterKafka, wurstmeisterZooKeeper } from './vendors/wurstmeister.js';

/** Every family of broker images. */
export const kafkaFamilies: readonly KafkaFamily[] = [
  confluentKafka,
  apacheKafka,
  strimziKafka,
  bitnamiKafka,
  debeziumKafka,
  wurstmeisterKafka,
  localKafka,
];

/** Every family of ZooKeeper images. */
export const zooKeeperFamilies: readonly ZooKeeperFamily[] = [
  officialZooKeeper,
  confluentZooKeeper,
  strimziZooKeeper,
  bitnamiZooKeeper,
  debeziumZooKeeper,
  wurstmeisterZooKeeper,
  localZooKeeper,
];

/**
 * The family of an image, by its repository: `confluentinc/cp-kafka:7.9.10`, and also
 * `mirror.example:5000/hub/confluentinc/cp-kafka@sha256:...`. Undefined for an image that kcluster doesn't know.
 */
export function familyOf(reference: string, role: 'kafka'): KafkaFamily | undefined;
export function familyOf(reference: string, role: 'zookeeper'): ZooKeeperFamily | undefined;
export function familyOf(
  reference: string,
  role: 'kafka' | 'zookeeper',
): KafkaFamily | ZooKeeperFamily | undefined {
  const image = parseReference(reference);
  const families = role === 'kafka' ? kafkaFamilies : zooKeeperFamilies;
  return families.find(({ repositories }) => repositories.some((each) => isOf(image, each)));
}
