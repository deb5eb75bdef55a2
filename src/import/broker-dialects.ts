import { kafkaProperties, notProperties } from '../images/environment.js';
import { flatVariable } from '../images/properties.js';
import { escapedVariable } from '../images/vendors/confluent.js';

/** How images of brokers read a compose file: the same rules as those of the image families, the other way round. */
export interface BrokerDialect {
  /** As messages call the images. */
  name: string;
  /** The property of Kafka that a variable sets; undefined for one that sets none. */
  property: (variable: string) => string | undefined;
  /** The variable that sets a property of Kafka. */
  variable: (property: string) => string;
  /** Where data is without `log.dirs`. */
  logDirs: string;
  /** What holds for properties that nobody sets: Kafka's own defaults, or those of its sample file for one broker. */
  defaults: 'kafka' | 'sample';
  /** How the image calls Kafka's tools. */
  tools: 'kafka-topics' | 'kafka-topics.sh';
  /** It takes no properties from variables, but from its command. */
  byCommand?: true;
}

export const confluentBroker: BrokerDialect = {
  name: 'cp-kafka',
  property: escapedProperty,
  variable: escapedVariable,
  logDirs: '/var/lib/kafka/data',
  defaults: 'kafka',
  tools: 'kafka-topics',
};

export const wurstmeisterBroker: BrokerDialect = {
  name: 'wurstmeister/kafka',
  property: (variable) => flatProperty('KAFKA_', variable),
  variable: (property) => flatVariable('KAFKA_', property),
  logDirs: '/kafka/kafka-logs-HOSTNAME',
  defaults: 'sample',
  tools: 'kafka-topics.sh',
};

export const bitnamiBroker: BrokerDialect = {
  name: 'bitnami/kafka',
  property: bitnamiProperty,
  variable: (property) => flatVariable('KAFKA_CFG_', property),
  logDirs: '/bitnami/kafka/data',
  defaults: 'sample',
  tools: 'kafka-topics.sh',
};

export const debeziumBroker: BrokerDialect = {
  name: 'debezium/kafka',
  property: debeziumProperty,
  variable: (property) => debeziumNames.get(property) ?? flatVariable('KAFKA_', property),
  logDirs: '/kafka/data',
  defaults: 'sample',
  tools: 'kafka-topics.sh',
};

export const apacheBroker: BrokerDialect = {
  name: 'apache/kafka',
  property: escapedProperty,
  variable: escapedVariable,
  logDirs: '/tmp/kafka-logs',
  defaults: 'sample',
  tools: 'kafka-topics.sh',
  byCommand: true,
};

export const strimziBroker: BrokerDialect = { ...apacheBroker, name: 'strimzi/kafka' };

/** Of an image that kcluster doesn't know; most follow this custom. */
export const unknownBroker: BrokerDialect = {
  ...wurstmeisterBroker,
  name: 'an image that kcluster does not know',
  property: (variable) => flatProperty('KAFKA_CFG_', variable) ?? flatProperty('KAFKA_', variable),
  logDirs: '/kafka',
};

function escapedProperty(variable: string): string | undefined {
  return [...kafkaProperties({ [variable]: '' }).keys()][0];
}

/** Variables that speak to scripts of one image or another, beside those of every image. */
const forScripts = new Set([
  'KAFKA_CREATE_TOPICS',
  'KAFKA_CREATE_TOPICS_SEPARATOR',
  'KAFKA_DATA',
  'KAFKA_DEBUG',
  'KAFKA_LOG',
]);

function flatProperty(prefix: string, variable: string): string | undefined {
  const isProperty = variable.startsWith(prefix) && /^[A-Z0-9_]+$/.test(variable);
  if (!isProperty || notProperties.has(variable) || forScripts.has(variable)) return undefined;
  return variable.slice(prefix.length).toLowerCase().replaceAll('_', '.');
}

/** What the images of Bitnami take without `CFG` as well. */
const bitnamiAliases = new Set([
  'advertised.listeners',
  'broker.id',
  'inter.broker.listener.name',
  'listener.security.protocol.map',
  'listeners',
  'log.dirs',
  'process.roles',
  'zookeeper.connect',
]);

function bitnamiProperty(variable: string): string | undefined {
  const property = flatProperty('KAFKA_CFG_', variable);
  if (property !== undefined)
    return property.replace('sasl.ssl', 'sasl_ssl').replace('sasl.plaintext', 'sasl_plaintext');
  const alias = flatProperty('KAFKA_', variable);
  return alias !== undefined && bitnamiAliases.has(alias) ? alias : undefined;
}

const debeziumNames: ReadonlyMap<string, string> = new Map([
  ['broker.id', 'BROKER_ID'],
  ['zookeeper.connect', 'ZOOKEEPER_CONNECT'],
]);

function debeziumProperty(variable: string): string | undefined {
  if (variable === 'BROKER_ID' || variable === 'NODE_ID') return 'broker.id';
  if (variable === 'ZOOKEEPER_CONNECT') return 'zookeeper.connect';
  if (variable === 'ADVERTISED_HOST_NAME') return 'advertised.host.name';
  if (variable === 'ADVERTISED_PORT') return 'advertised.port';
  const property = flatProperty('KAFKA_', variable);
  // The image sets these itself, whatever they say.
  const isOwn =
    property === undefined || ['broker.id', 'log.dirs', 'zookeeper.connect'].includes(property);
  return isOwn ? undefined : property;
}
