/**
 * How the local images read their environment; templates/images has the same rules as shell and awk.
 * `env` is always a node's complete environment: the image's defaults, and over them the node's own.
 */
export type Environment = Readonly<Record<string, string>>;

/** Variables with the prefix that speak to scripts and the JVM, and are no broker properties. */
export const notProperties: ReadonlySet<string> = new Set([
  'KAFKA_CUB_ZK_TIMEOUT',
  'KAFKA_GC_LOG_OPTS',
  'KAFKA_HEAP_OPTS',
  'KAFKA_HOME',
  'KAFKA_JMX_HOSTNAME',
  'KAFKA_JMX_OPTS',
  'KAFKA_JMX_PORT',
  'KAFKA_JVM_PERFORMANCE_OPTS',
  'KAFKA_LOG4J_LOGGERS',
  'KAFKA_LOG4J_OPTS',
  'KAFKA_LOG4J_ROOT_LOGLEVEL',
  'KAFKA_OPTS',
  'KAFKA_TOOLS_LOG4J_LOGLEVEL',
  'KAFKA_VERSION',
]);

/** The one property of a broker whose name has capitals, which the rule cannot make. */
const namedOtherwise: Environment = {
  KAFKA_ZOOKEEPER_CLIENT_CNXN_SOCKET: 'zookeeper.clientCnxnSocket',
};

/**
 * The properties of a broker, sorted by name, by the rule of Confluent's cp-kafka image: KAFKA_X_Y is x.y, a
 * double underscore stands for `_`, a triple one for `-`. Only names in capitals count.
 */
export function kafkaProperties(env: Environment): Map<string, string> {
  const properties = Object.entries(env)
    .filter(([name]) => /^KAFKA_[A-Z0-9_]+$/.test(name) && !notProperties.has(name))
    .map(([name, value]) => [propertyName(name), value] as const);
  return new Map(properties.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function propertyName(variable: string): string {
  const named = namedOtherwise[variable];
  if (named !== undefined) return named;
  const separators = ['.', '_', '-'];
  return variable
    .slice('KAFKA_'.length)
    .toLowerCase()
    .replaceAll(/_+/g, (run) => separators[run.length - 1] ?? run);
}

/** Properties as a file that java.util.Properties reads back exactly, one line each. */
export function propertiesText(properties: ReadonlyMap<string, string>): string {
  return [...properties].map(([name, value]) => `${name}=${escapeValue(value)}\n`).join('');
}

/** A value as it stands in such a file, which is read as ISO 8859-1 and begins a value after any white space. */
export function escapeValue(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replace(/^ /, '\\ ')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\f', '\\f')
    .replaceAll('\r', '\\r')
    .replaceAll(/[^\0-\x7f]/g, unicodeEscape);
}

/** `unit`: one UTF-16 code unit, which is what the escape of Java names. */
function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Keys of zoo.cfg by variable, in the order of the official ZooKeeper image. */
export const zooKeeperKeys = [
  ['dataDir', 'ZOO_DATA_DIR'],
  ['dataLogDir', 'ZOO_DATA_LOG_DIR'],
  ['tickTime', 'ZOO_TICK_TIME'],
  ['initLimit', 'ZOO_INIT_LIMIT'],
  ['syncLimit', 'ZOO_SYNC_LIMIT'],
  ['autopurge.snapRetainCount', 'ZOO_AUTOPURGE_SNAPRETAINCOUNT'],
  ['autopurge.purgeInterval', 'ZOO_AUTOPURGE_PURGEINTERVAL'],
  ['maxClientCnxns', 'ZOO_MAX_CLIENT_CNXNS'],
  ['standaloneEnabled', 'ZOO_STANDALONE_ENABLED'],
  ['admin.enableServer', 'ZOO_ADMINSERVER_ENABLED'],
] as const;

/**
 * The text of zoo.cfg, by the rule of the official ZooKeeper image. There is no clientPort: it is the part
 * behind `;` of the member's own entry in ZOO_SERVERS.
 */
export function zooKeeperConfig(env: Environment): string {
  const whitelist = env['ZOO_4LW_COMMANDS_WHITELIST'];
  const lines = [
    ...zooKeeperKeys.map(([key, variable]) => `${key}=${env[variable] ?? ''}`),
    ...words(env['ZOO_SERVERS'] || 'server.1=localhost:2888:3888;2181'),
    ...(whitelist ? [`4lw.commands.whitelist=${whitelist}`] : []),
    ...words(env['ZOO_CFG_EXTRA'] ?? ''),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The text of the file myid: the member's own number in the ensemble. */
export function zooKeeperId(env: Environment): string {
  return `${env['ZOO_MY_ID'] || '1'}\n`;
}

/** As a shell splits them. */
function words(text: string): string[] {
  return text.split(/[ \t\n]+/).filter(Boolean);
}
