import type { PlaceAddresses } from '../topology/places.js';

/** A cluster, as a program that is started beside it sees it. */
export interface ClusterForPrograms {
  /** By which `kcluster` knows it. */
  name: string;
  engine: string;
  /** Those of the place where the program runs. */
  addresses: Pick<PlaceAddresses, 'bootstrapServers' | 'zookeeperConnect'>;
  /** Three numbers, such as `3.9.2`; undefined where no image tells it. */
  kafkaVersion?: string | undefined;
}

/** Of a cluster; undefined where it has no such value. */
type Value = (cluster: ClusterForPrograms) => string | undefined;

const brokers: Value = ({ addresses }) => addresses.bootstrapServers;
const zookeepers: Value = ({ addresses }) => addresses.zookeeperConnect;
const version: Value = ({ kafkaVersion }) => kafkaVersion;

/**
 * Every variable, and who reads it; each was found in the source or the manual that is named. Spring looks a property up
 * in the environment in capitals, with `_` for `.` and `-` (SystemEnvironmentPropertySource), and MicroProfile Config
 * and Micronaut do the same. Testcontainers itself reads none: its users hand on what a container says.
 */
const variables: Readonly<Record<string, Value>> = {
  /** `kcluster` itself: `--name` and `--engine`. */
  KCLUSTER_NAME: ({ name }) => name,
  KCLUSTER_ENGINE: ({ engine }) => engine,

  /** Quarkus ("Dev Services for Kafka") and Micronaut Kafka (its guide): `kafka.bootstrap.servers`. */
  KAFKA_BOOTSTRAP_SERVERS: brokers,
  /** The images of Debezium Connect: docker-entrypoint.sh of debezium/container-images. */
  BOOTSTRAP_SERVERS: brokers,
  /** Redpanda Console, which is for any Kafka: `kafka.brokers` of its configuration. */
  KAFKA_BROKERS: brokers,
  /** Spring Boot: `spring.kafka.bootstrap-servers`. */
  SPRING_KAFKA_BOOTSTRAP_SERVERS: brokers,
  /** Tests with spring-kafka-test: `spring.embedded.kafka.brokers` (EmbeddedKafkaBroker.java). */
  SPRING_EMBEDDED_KAFKA_BROKERS: brokers,
  /** Tests with testcontainers-spring-boot: `embedded.kafka.brokerList` (its README). */
  EMBEDDED_KAFKA_BROKERLIST: brokers,
  /**
   * Test suites around librdkafka: its own (`test_getenv("BROKERS")`, interactive_broker_version.py), those of kcat
   * (tests/helpers.sh) and confluent-kafka-python (tests/integration/conftest.py).
   */
  BROKERS: brokers,
  /**
   * Test suites of rust-rdkafka (tests/utils.rs), node-rdkafka (e2e/producer.spec.js) and confluent-kafka-javascript
   * (test/promisified/testhelpers.js).
   */
  KAFKA_HOST: brokers,
  /** The tools and examples of sarama, such as kafka-console-producer and http_server.go. */
  KAFKA_PEERS: brokers,
  /** The test suite of franz-go: pkg/kgo/helpers_test.go. */
  KGO_SEEDS: brokers,
  /** rpk, a client for any Kafka: `-X brokers`. */
  RPK_BROKERS: brokers,
  /** The test suite of kafka-python, which takes one broker: test/integration/conftest.py. */
  KAFKA_URI: (cluster) => uriOfFirst('kafka', brokers(cluster)),

  /** The Kafka images of Debezium: docker-entrypoint.sh of debezium/container-images. */
  ZOOKEEPER_CONNECT: zookeepers,
  /** The test suite of librdkafka: `test_getenv("ZK_ADDRESS")` in tests/test.c. */
  ZK_ADDRESS: zookeepers,
  /** Tests with spring-kafka-test before 4.0: `spring.embedded.zookeeper.connect` (EmbeddedKafkaBroker.java). */
  SPRING_EMBEDDED_ZOOKEEPER_CONNECT: zookeepers,
  /** Tests with testcontainers-spring-boot: `embedded.zookeeper.zookeeperConnect` (its README). */
  EMBEDDED_ZOOKEEPER_ZOOKEEPERCONNECT: zookeepers,
  /** The test suite of kafka-python: test/integration/conftest.py. */
  ZOOKEEPER_URI: (cluster) => uriOfFirst('zookeeper', zookeepers(cluster)),

  /**
   * Test suites of kafkajs (testHelpers/index.js), kafka-python (test/testutil.py, which wants it), rust-rdkafka
   * (tests/utils.rs) and sarama (`ParseKafkaVersion`, which wants three numbers), to skip what a broker can't do.
   */
  KAFKA_VERSION: version,
  /** The same for librdkafka: tests/interactive_broker_version.py. */
  TEST_KAFKA_VERSION: version,
};

/**
 * The variables that a program gets which is started beside a cluster: its addresses by every name that clients, their
 * frameworks and their test suites read, and what makes `kcluster status` mean this cluster. Pure.
 */
export function clientEnvironment(cluster: ClusterForPrograms): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, valueOf]) => {
      const value = valueOf(cluster);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function uriOfFirst(scheme: string, addresses: string | undefined): string | undefined {
  return addresses === undefined ? undefined : `${scheme}://${addresses.split(',', 1)[0]}`;
}
