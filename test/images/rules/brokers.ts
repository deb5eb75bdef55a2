import type { ServiceWords } from '../../../src/images/family.js';
import { hasLine, isVariable, loadProperties, sed } from './text.js';

/**
 * How the images of each vendor make the properties of a broker from a service's words: their own rules, told again
 * from what their scripts do. Every rule may fail, as the image would.
 * @param kept the file that an earlier start of the same container has left
 */
export type BrokerRule = (words: ServiceWords, kept?: string) => Started;

interface Started {
  properties: Map<string, string>;
  /** The file that stays in the container. */
  file: string;
}

/** The lines of Kafka's sample `config/server.properties` of the 3.x lines that are no comments. */
export const sample: Readonly<Record<string, string>> = {
  'broker.id': '0',
  'num.network.threads': '3',
  'num.io.threads': '8',
  'socket.send.buffer.bytes': '102400',
  'socket.receive.buffer.bytes': '102400',
  'socket.request.max.bytes': '104857600',
  'log.dirs': '/tmp/kafka-logs',
  'num.partitions': '1',
  'num.recovery.threads.per.data.dir': '1',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'log.retention.hours': '168',
  'log.retention.check.interval.ms': '300000',
  'zookeeper.connect': 'localhost:2181',
  'zookeeper.connection.timeout.ms': '18000',
  'group.initial.rebalance.delay.ms': '0',
};

const commentedOut = [
  '#listeners=PLAINTEXT://:9092',
  '#advertised.listeners=PLAINTEXT://your.host.name:9092',
  '#listener.security.protocol.map=PLAINTEXT:PLAINTEXT',
  '#log.flush.interval.messages=10000',
  '#log.flush.interval.ms=1000',
  '#log.retention.bytes=1073741824',
  '#log.segment.bytes=1073741824',
];

const sampleFile = [
  ...commentedOut,
  ...Object.entries(sample).map(([name, value]) => `${name}=${value}`),
  '',
].join('\n');

/** The rule of cp-kafka: everything from the environment, nothing from an earlier start. */
export const confluent: BrokerRule = ({ environment }) => {
  for (const name of ['PORT', 'HOST', 'ADVERTISED_PORT', 'ADVERTISED_HOST', 'PROCESS_ROLES'])
    if (environment[`KAFKA_${name}`]) throw new Error(`KAFKA_${name} is refused`);
  const advertised = environment['KAFKA_ADVERTISED_LISTENERS'] ?? '';
  if (!advertised || !environment['KAFKA_ZOOKEEPER_CONNECT']) throw new Error('required');
  if (advertised.includes('SSL://') || /SASL_.*:\/\//.test(advertised))
    throw new Error('files or options of its own are required');
  const excluded = [
    'VERSION',
    'OPTS',
    'JMX_OPTS',
    'JVM_PERFORMANCE_OPTS',
    'GC_LOG_OPTS',
    'LOG4J_ROOT_LOGLEVEL',
    'LOG4J_LOGGERS',
    'TOOLS_LOG4J_LOGLEVEL',
    'ZOOKEEPER_CLIENT_CNXN_SOCKET',
  ].map((name) => `KAFKA_${name}`);
  const lines = Object.entries(environment)
    .filter(([name]) => name.startsWith('KAFKA_') && !excluded.includes(name))
    .map(([name, value]) => `${unescapedName(name.slice('KAFKA_'.length))}=${value}\n`);
  const socket = environment['KAFKA_ZOOKEEPER_CLIENT_CNXN_SOCKET'];
  if (socket !== undefined) lines.push(`zookeeper.clientCnxnSocket=${socket}\n`);
  const file = lines.join('');
  return { properties: loadProperties(file), file };
};

/** Three passes: a lone underscore, then threes, then twos. */
function unescapedName(name: string): string {
  return name
    .toLowerCase()
    .split(/(?<=[^_])_(?=[^_])/)
    .join('.')
    .split('___')
    .join('-')
    .split('__')
    .join('_');
}

/** The rule of wurstmeister/kafka: lines of the sample edited in place, with `@` between the words of sed. */
export const wurstmeister: BrokerRule = ({ environment }, kept = sampleFile) => {
  const env: Record<string, string> = {
    KAFKA_VERSION: '2.8.1',
    KAFKA_HOME: '/opt/kafka',
    KAFKA_PORT: '9092',
    KAFKA_BROKER_ID: '-1',
    KAFKA_LOG_DIRS: '/kafka/kafka-logs-9a8b7c6d5e4f',
    ...environment,
  };
  if (!env['KAFKA_ZOOKEEPER_CONNECT'] || !env['KAFKA_LISTENERS']) throw new Error('required');
  if (/["/&\\]/.test(env['KAFKA_HEAP_OPTS'] ?? '')) throw new Error('sed: the start script');
  // The first two are unset before.
  const excluded =
    '|KAFKA_CREATE_TOPICS|KAFKA_HEAP_OPTS|KAFKA_VERSION|KAFKA_HOME|KAFKA_DEBUG|KAFKA_GC_LOG_OPTS' +
    '|KAFKA_JMX_OPTS|KAFKA_JVM_PERFORMANCE_OPTS|KAFKA_LOG|KAFKA_OPTS|';
  let file = `${kept}\n`;
  for (const line of printed(env)) {
    const [name = ''] = line.split('=');
    if (!name.startsWith('KAFKA_') || excluded.includes(`|${name}|`)) continue;
    const key = name.slice('KAFKA_'.length).toLowerCase().replaceAll('_', '.');
    file = edited(file, key, new RegExp(`^#?${key}=.*`), `${key}=${valueOf(env, name)}`, '@');
  }
  return { properties: loadProperties(file), file };
};

/** The rule of debezium/kafka: the same, from words instead of lines, with `%` in sed, and some values forced. */
export const debezium: BrokerRule = ({ environment }, kept = sampleFile) => {
  const { NODE_ID, BROKER_ID, ZOOKEEPER_CONNECT = '0.0.0.0:2181', ...rest } = environment;
  const id = NODE_ID ?? BROKER_ID ?? '1';
  const data = rest['KAFKA_DATA'] ?? '/kafka/data';
  const env: Record<string, string> = {
    KAFKA_VERSION: '3.9.0',
    KAFKA_HOME: '/kafka',
    KAFKA_URL_PATH: 'kafka/3.9.0/kafka_2.13-3.9.0.tgz',
    KAFKA_DATA: data,
    KAFKA_LISTENERS: 'PLAINTEXT://172.17.0.2:9092',
    ...rest,
    KAFKA_ZOOKEEPER_CONNECT: ZOOKEEPER_CONNECT,
    KAFKA_NODE_ID: id,
    KAFKA_BROKER_ID: id,
    KAFKA_LOG_DIRS: `${data}/${id}`,
  };
  const unset = ['HOST_NAME', 'ADVERTISED_HOST_NAME', 'PORT', 'ADVERTISED_PORT'];
  const excluded = [...unset, 'VERSION', 'HOME', 'LOG4J_OPTS', 'JMX_OPTS'].map(
    (name) => `KAFKA_${name}`,
  );
  let file = `${kept}\n`;
  for (const word of printed(env).flatMap((line) => line.split(/[ \t\n]+/))) {
    const [name = ''] = word.split('=');
    if (!name.startsWith('KAFKA_') || excluded.includes(name)) continue;
    // Up to the last `=`, and all of a word without one.
    const [, greedy = word] = /^KAFKA_(.*)=/.exec(word) ?? [];
    const key = greedy.toLowerCase().replaceAll('_', '.');
    const pattern = new RegExp(`^#?(${escaped(key)})=.*`);
    file = edited(file, key, pattern, `\\1=${valueOf(env, name)}`, '%');
  }
  return { properties: loadProperties(file), file };
};

/** An edit of a key that is there, commented out or not; else a line at the end, as it stands. */
function edited(
  file: string,
  key: string,
  pattern: RegExp,
  replacement: string,
  delimiter: string,
): string {
  if (hasLine(file, pattern)) return sed(file, pattern, replacement, delimiter);
  return `${file}${key}=${replacement.slice(replacement.indexOf('=') + 1)}\n`;
}

/** The output of `env`, line by line: a value with line breaks is several. */
function printed(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => `${name}=${value}`.split('\n'));
}

/** Bash's `${!name}`. */
function valueOf(env: Readonly<Record<string, string>>, name: string): string {
  if (!isVariable(name)) throw new Error(`${name}: invalid variable name`);
  return env[name] ?? '';
}

/** Signs of extended regular expressions that a mangled name has; dots stay what they are there. */
function escaped(key: string): string {
  return key.replaceAll(/[\\^$*+?()[\]{}|]/g, String.raw`\$&`);
}

/** The rule of bitnami/kafka: the sample comes back at each start, and is edited twice. */
export const bitnami: BrokerRule = ({ environment }) => {
  const env: Record<string, string> = {
    ...environment,
    KAFKA_CFG_SASL_ENABLED_MECHANISMS:
      environment['KAFKA_CFG_SASL_ENABLED_MECHANISMS'] || 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  };
  if (env['KAFKA_CFG_PROCESS_ROLES']) throw new Error('two modes');
  if (!env['KAFKA_CFG_ZOOKEEPER_CONNECT']) throw new Error('no mode');
  for (const listener of (env['KAFKA_CFG_LISTENERS'] ?? '').split(','))
    if (Number(listener.split(':')[2]) < 1024) throw new Error('a privileged port');
  const map = env['KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP'] ?? '';
  if (map.split(',').some((each) => each.split(':')[1] !== 'PLAINTEXT'))
    throw new Error('certificates or users are missing');
  let file = sampleFile.replaceAll(
    /^(zookeeper\.|group\.initial|broker\.|node\.|process\.|listeners=|listener\.|advertised\.listeners)/gm,
    '#$1',
  );
  file = bitnamiSet(file, 'log.dirs', '/bitnami/kafka/data');
  const names = Object.keys(env)
    .filter((name) => name.startsWith('KAFKA_CFG_') && isVariable(name))
    .toSorted();
  for (const name of [...names, ...names]) file = bitnamiSet(file, bitnamiKey(name), env[name]!);
  return { properties: loadProperties(file), file };
};

function bitnamiKey(variable: string): string {
  if (variable === 'KAFKA_CFG_ZOOKEEPER_CLIENTCNXNSOCKET') return 'zookeeper.clientCnxnSocket';
  return variable
    .slice('KAFKA_CFG_'.length)
    .replaceAll('_', '.')
    .toLowerCase()
    .replaceAll(/sasl\.ssl/g, 'sasl_ssl')
    .replaceAll(/sasl\.plaintext/g, 'sasl_plaintext');
}

function bitnamiSet(file: string, key: string, value: string): string {
  // Inside the brackets of a basic expression `\` is itself.
  const pattern = new RegExp(String.raw`^[#\\s]*${key}\s*=.*`);
  if (!hasLine(file, pattern)) return `${file}\n${key}=${value}`;
  return sed(file, pattern, `${key}=${value}`, '\x01').replace(/\n+$/, '\n');
}

/**
 * The rule of Kafka's start script: the file of the first argument, and over it each `--override NAME=VALUE`. In a
 * container whose locale is POSIX, Java can't read an argument beyond ASCII.
 */
export const overrides: BrokerRule = ({ command = [] }) => {
  const [script, file, ...args] = command;
  if (!script?.endsWith('/bin/kafka-server-start.sh')) throw new Error('not the start script');
  if (!file?.endsWith('/config/server.properties')) throw new Error('not the sample');
  const properties = loadProperties(sampleFile);
  for (let index = 0; index < args.length; index += 2) {
    const [option, argument = ''] = args.slice(index, index + 2);
    if (option !== '--override') throw new Error(`unexpected ${option}`);
    const read = argument.replaceAll(/[^\0-\x7f]/g, '\ufffd');
    const [name = '', ...values] = read.split('=');
    properties.set(name, values.join('='));
  }
  return { properties, file: sampleFile };
};
