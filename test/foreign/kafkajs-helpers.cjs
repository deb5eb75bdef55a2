/**
 * Stands in for kafkajs's own `testHelpers`, whose brokers are at fixed ports: its plaintext brokers are those of
 * KAFKA_BOOTSTRAP_SERVERS. Jest, started in the checkout of kafkajs, takes it by
 * `--moduleNameMapper '{"(^|/)testHelpers$": "…/test/foreign/kafkajs-helpers.cjs"}'`.
 */
const { resolve } = require('path');
const helpers = require(resolve('testHelpers/index.js'));
const { Kafka } = require(resolve('index.js'));

const brokers = process.env.KAFKA_BOOTSTRAP_SERVERS.split(',');
const [host, port] = brokers[0].split(':');
const first = { host, port: Number(port) };

// A new list each time: tests empty it.
const plainTextBrokers = () => [...brokers];
const connectionOpts = (options) => helpers.connectionOpts({ ...first, ...options });
const createConnectionPool = (options) => helpers.createConnectionPool({ ...first, ...options });
const createConnectionBuilder = (options, of = [...brokers]) =>
  helpers.createConnectionBuilder({ ...first, ...options }, of);
const createCluster = (options, of = [...brokers]) =>
  helpers.createCluster({ ...first, ...options }, of);

async function createTopic({ topic, partitions = 1, replicas = 1, config = [] }) {
  const admin = new Kafka({ clientId: 'testHelpers', brokers }).admin();
  await admin.connect();
  const wanted = { topic, numPartitions: partitions, replicationFactor: replicas };
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ ...wanted, configEntries: config }],
    });
  } finally {
    await admin.disconnect();
  }
}

module.exports = {
  ...helpers,
  plainTextBrokers,
  connectionOpts,
  createConnectionPool,
  createConnectionBuilder,
  createCluster,
  createTopic,
};
