import { familyOf } from '../images/recognise.js';
import { isOf, parseReference } from '../images/reference.js';
import {
  apacheBroker,
  bitnamiBroker,
  confluentBroker,
  debeziumBroker,
  strimziBroker,
  unknownBroker,
  wurstmeisterBroker,
  type BrokerDialect,
} from './broker-dialects.js';
import type { Service } from './model.js';
import {
  bitnamiServer,
  confluentServer,
  debeziumServer,
  officialServer,
  scriptServer,
  unknownServer,
  wurstmeisterServer,
  type ServerDialect,
} from './server-dialects.js';
import { startLine } from './start-command.js';

/** What a service is. `kraft`: a broker that asks no ZooKeeper. */
export type ServiceRole =
  | { role: 'broker'; dialect: BrokerDialect }
  | { role: 'server'; dialect: ServerDialect }
  | { role: 'kraft' }
  | { role: 'other' };

/** The dialects of the image families, by their names. */
const brokers: Readonly<Record<string, BrokerDialect>> = {
  'cp-kafka': confluentBroker,
  'kcluster/kafka': confluentBroker,
  'apache/kafka': apacheBroker,
  'strimzi/kafka': strimziBroker,
  'bitnami/kafka': bitnamiBroker,
  'debezium/kafka': debeziumBroker,
  'wurstmeister/kafka': wurstmeisterBroker,
};

const servers: Readonly<Record<string, ServerDialect>> = {
  zookeeper: officialServer,
  'kcluster/zookeeper': officialServer,
  'cp-zookeeper': confluentServer,
  'bitnami/zookeeper': bitnamiServer,
  'debezium/zookeeper': debeziumServer,
  'wurstmeister/zookeeper': wurstmeisterServer,
};

/** Images of brokers that read the words of cp-kafka, and have more than Kafka in them. */
const confluentKin = ['confluentinc/cp-server', 'confluentinc/cp-enterprise-kafka'];

const kraftOnly = ['confluentinc/confluent-local', 'apache/kafka-native'];

/** What a service is, by its image, and else by its environment and its name. */
export function roleOf(service: Service): ServiceRole {
  const image = imageOf(service);
  const start = startLine(service);
  if (/zookeeper-server-start/.test(start)) return { role: 'server', dialect: scriptServer };
  const server = serverDialect(image, service);
  if (server) return { role: 'server', dialect: server };
  if (isAnyOf(image, kraftOnly)) return { role: 'kraft' };
  const dialect = brokerDialect(image, service);
  if (!dialect || isTool(service, dialect)) return { role: 'other' };
  return isKraft(service, dialect) ? { role: 'kraft' } : { role: 'broker', dialect };
}

/** The image of a service; a tag whose variable has no value counts as none. */
export function imageOf({ image }: Service): string {
  return image?.value.replace(/[:@]$/, '') ?? '';
}

/** Whether a service has an image of one of the families. */
export function isKnownImage(service: Service): boolean {
  const image = imageOf(service);
  return image !== '' && (familyOf(image, 'kafka') ?? familyOf(image, 'zookeeper')) !== undefined;
}

function isAnyOf(image: string, repositories: readonly string[]): boolean {
  const reference = parseReference(image);
  return repositories.some((each) => isOf(reference, each));
}

function serverDialect(image: string, service: Service): ServerDialect | undefined {
  const family = image === '' ? undefined : familyOf(image, 'zookeeper');
  const known = family && servers[family.name];
  if (known) return known;
  const isNamed = /(^|[-_/])zookeeper$/.test(parseReference(image).path);
  const hasVariable = [...service.environment.keys()].some((name) =>
    /^(ZOO_(MY_ID|SERVERS|SERVER_ID)|ZOOKEEPER_(CLIENT_PORT|SERVER_ID|SERVERS))$/.test(name),
  );
  const isBuilt = image === '' && /^zoo(keeper)?[-_]?\d*$/.test(service.name);
  const isBroker = brokerDialect(image, service) !== undefined;
  return (isNamed || hasVariable || isBuilt) && !isBroker ? unknownServer : undefined;
}

function brokerDialect(image: string, service: Service): BrokerDialect | undefined {
  const family = image === '' ? undefined : familyOf(image, 'kafka');
  const known = family && brokers[family.name];
  if (known) return known;
  if (isAnyOf(image, confluentKin)) return confluentBroker;
  const has = (pattern: RegExp): boolean =>
    [...service.environment.keys()].some((name) => pattern.test(name));
  const isNamed = /(^|[-_/])kafka$/.test(parseReference(image).path) || image === '';
  const isSaid = has(/^KAFKA_(CFG_)?(ADVERTISED_(LISTENERS|HOST_NAME)|LISTENERS|BROKER_ID)$/);
  const asks = has(/^KAFKA_(CFG_)?ZOOKEEPER_CONNECT$/);
  return (asks && (isSaid || isNamed)) || (isNamed && isSaid) ? unknownBroker : undefined;
}

/** A service with the image of a broker that runs one of its tools, as to make topics. */
function isTool(service: Service, dialect: BrokerDialect): boolean {
  const start = startLine(service);
  if (start === '' || /kafka-server-start|\/run\b|start-kafka|entrypoint\.sh/.test(start))
    return false;
  const runsTool = /kafka-(topics|console|configs|acls|consumer|producer|broker-api)|\bcub /.test(
    start,
  );
  const isSaid = ['zookeeper.connect', 'advertised.listeners', 'process.roles'].some((property) =>
    service.environment.has(dialect.variable(property)),
  );
  return runsTool || !isSaid;
}

/** A broker with `process.roles`, or one of an image that starts as KRaft where ZooKeeper is not named. */
function isKraft(service: Service, dialect: BrokerDialect): boolean {
  const value = (property: string): string =>
    [...service.environment.values()].find(({ name }) => dialect.property(name) === property)
      ?.value ?? '';
  if (value('zookeeper.connect') !== '') return false;
  if (value('process.roles') !== '' || service.environment.has('CLUSTER_ID')) return true;
  if (dialect === apacheBroker)
    return !/zookeeper\.connect|server\.properties/.test(startLine(service));
  return dialect === bitnamiBroker && isOfKraftEra(imageOf(service));
}

/** Bitnami's images run KRaft without a word since 3.4, and `latest` is one of them. */
function isOfKraftEra(image: string): boolean {
  const { tag = 'latest' } = parseReference(image);
  const [, major, minor = '9'] = /^(\d+)(?:\.(\d+))?/.exec(tag) ?? [];
  return major === undefined || Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 4);
}
