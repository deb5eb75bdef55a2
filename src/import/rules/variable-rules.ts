import { distance } from 'fastest-levenshtein';
import {
  bitnamiBroker,
  debeziumBroker,
  unknownBroker,
  unknownImage,
  wurstmeisterBroker,
  type BrokerDialect,
} from '../broker-dialects.js';
import { eachBroker, eachServer, type Problem, type Rules } from '../finding.js';
import type { Service, Variable } from '../model.js';
import {
  bitnamiServer,
  confluentServer,
  officialServer,
  type ServerDialect,
} from '../server-dialects.js';

/** Variables that the image does not read, mostly since they are those of another one. */
export const variableRules: Rules = {
  'foreign-variable': (context) => [
    ...eachBroker(({ service, dialect }) =>
      variablesOf(service).flatMap((each) => foreignToBroker(each, service, dialect)),
    )(context),
    ...eachServer(({ service, dialect }) =>
      variablesOf(service).flatMap((each) => foreignToServer(each, service, dialect)),
    )(context),
  ],
  'misspelt-variable': eachBroker(({ service, dialect, properties }) => {
    const own = usual.map((property) => dialect.variable(property));
    return variablesOf(service).flatMap((variable) => {
      const near = own.find((name) => isNear(variable.name, name));
      const isSaid = near !== undefined && properties.has(dialect.property(near) ?? '');
      if (near === undefined || isSaid) return [];
      return unread(
        variable,
        service,
        `${variable.name} is read by nothing`,
        'Kafka takes it for a property that it does not know, and goes on.',
        `Write ${near}.`,
      );
    });
  }),
  /** apache/kafka and strimzi/kafka, started by Kafka's script: a file and options, no variables. */
  'unread-variable': eachBroker(({ service, dialect, properties }) => {
    if (!dialect.byCommand || !/kafka-server-start/.test(commandText(service))) return [];
    return variablesOf(service).flatMap((variable) => {
      const property = dialect.property(variable.name);
      const isUsed = commandText(service).includes(variable.name);
      if (property === undefined || isUsed) return [];
      const isSaid = properties.get(property)?.variable === '--override';
      return unread(
        variable,
        service,
        `${variable.name} is read by nothing`,
        "Kafka's start script takes properties from its file and from --override.",
        isSaid ? 'Leave it out.' : `Add --override ${property}=${variable.value} to the command.`,
      );
    });
  }),
};

function variablesOf({ environment }: Service): Variable[] {
  return [...environment.values()];
}

function commandText({ entrypoint, command }: Service): string {
  return `${entrypoint?.text ?? ''} ${command?.text ?? ''}`;
}

function unread(
  { at }: Variable,
  service: Service,
  message: string,
  why: string,
  fix: string,
  level: Problem['level'] = 'warning',
): Problem[] {
  return [{ level, at, service, message, why, fix }];
}

const usual = [
  'advertised.listeners',
  'listeners',
  'listener.security.protocol.map',
  'inter.broker.listener.name',
  'zookeeper.connect',
  'broker.id',
  'log.dirs',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'transaction.state.log.min.isr',
];

/** One or two letters beside a name, and no name of its own. */
function isNear(name: string, right: string): boolean {
  if (name === right || /^KAFKA_(CFG_)?(LISTENERS|LOG_DIRS?)$/.test(name)) return false;
  return name.startsWith('KAFKA_') && distance(name, right) <= 2;
}

function foreignToBroker(variable: Variable, service: Service, dialect: BrokerDialect): Problem[] {
  if (dialect === unknownBroker) return [];
  const { name } = variable;
  const topics = topicVariables.get(name);
  if (topics && topics !== dialect) {
    return unread(
      variable,
      service,
      `${name} makes no topics: ${dialect.name} does not read it`,
      `It is a variable of ${topics.name}.`,
      "Make topics with Kafka's tools in a container of their own, or declare them in kcluster.yaml.",
    );
  }
  if (name === 'ALLOW_PLAINTEXT_LISTENER' && dialect !== bitnamiBroker) {
    const why = 'It is a variable of bitnami/kafka.';
    return unread(variable, service, `${name} does nothing here`, why, 'Leave it out.', 'note');
  }
  const property = wrongPrefix(name, dialect);
  if (property === undefined) return [];
  const right = dialect.variable(property);
  return unread(
    variable,
    service,
    `${name} does not set ${property} here`,
    `${dialect.name} takes ${right} for it.`,
    `Write ${right}.`,
  );
}

const topicVariables: ReadonlyMap<string, BrokerDialect> = new Map([
  ['KAFKA_CREATE_TOPICS', wurstmeisterBroker],
  ['CREATE_TOPICS', debeziumBroker],
]);

/** Variables of bitnami/kafka that have the prefix and are for its scripts. */
const bitnamiScripts =
  /^KAFKA_(CLIENT_|CONTROLLER_|INTER_BROKER_(USER|PASSWORD)|ZOOKEEPER_(PROTOCOL|USER|PASSWORD|TLS_)|TLS_|CERTIFICATE_|KRAFT_|ENABLE_KRAFT|SKIP_|MOUNTED_|INITSCRIPTS_|EXTRA_|CREATE_TOPICS|JMX|PORT_NUMBER)/;

/** The property that a variable of another image would set. */
function wrongPrefix(name: string, dialect: BrokerDialect): string | undefined {
  if (dialect === bitnamiBroker) {
    const isOwn = dialect.property(name) !== undefined || bitnamiScripts.test(name);
    return isOwn ? undefined : wurstmeisterBroker.property(name);
  }
  if (dialect === debeziumBroker) {
    if (name === 'KAFKA_ZOOKEEPER_CONNECT') return 'zookeeper.connect';
    if (name === 'KAFKA_BROKER_ID') return 'broker.id';
  }
  return name.startsWith('KAFKA_CFG_') ? bitnamiBroker.property(name) : undefined;
}

const serverDialects = [officialServer, confluentServer, bitnamiServer];

function foreignToServer(variable: Variable, service: Service, dialect: ServerDialect): Problem[] {
  const { name, value } = variable;
  if (dialect.name === unknownImage || isRead(name, dialect)) return [];
  if (/^(ALLOW_ANONYMOUS_LOGIN|ALLOW_EMPTY_PASSWORD)$/.test(name) && dialect !== bitnamiServer) {
    const why = 'It is a variable of bitnami/zookeeper.';
    return unread(variable, service, `${name} does nothing here`, why, 'Leave it out.', 'note');
  }
  const owner = serverDialects.find((each) => isRead(name, each));
  if (!owner) return [];
  const isUsualPort = owner.clientPort === name && value === '2181';
  const message = `${name} does nothing here: it is a variable of ${owner.name}`;
  if (isUsualPort) {
    const why = `${dialect.name} serves clients on 2181 anyway.`;
    return unread(variable, service, message, why, 'Leave it out.', 'note');
  }
  return unread(
    variable,
    service,
    message,
    `${dialect.name} does not read it.`,
    sameIn(name, owner, dialect) ?? `${dialect.name} has no variable for it.`,
  );
}

function isRead(name: string, dialect: ServerDialect): boolean {
  return dialect.keys.has(name) || parts.some((part) => dialect[part] === name);
}

const parts = ['id', 'servers', 'clientPort', 'jvm'] as const;

/** What says the same in the words of another image. */
function sameIn(name: string, from: ServerDialect, to: ServerDialect): string | undefined {
  const key = from.keys.get(name);
  if (key !== undefined) {
    const [variable] = [...to.keys].find(([, each]) => each === key) ?? [];
    if (variable !== undefined) return `Write ${variable}.`;
    return to === officialServer ? `Write ZOO_CFG_EXTRA: ${key}=...` : undefined;
  }
  const variable = parts.filter((part) => from[part] === name).map((part) => to[part])[0];
  if (variable !== undefined) return `Write ${variable}.`;
  return from.clientPort === name && to === officialServer
    ? 'Say it in the entry of ZOO_SERVERS: server.1=zookeeper:2888:3888;PORT.'
    : undefined;
}
