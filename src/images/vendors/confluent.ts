import { escapeValue } from '../environment.js';
import type { KafkaFamily, ZooKeeperFamily } from '../family.js';
import {
  hindrances,
  nameIsFree,
  nameMatches,
  noNul,
  reserved,
  variables,
  type Hindrance,
} from '../properties.js';
import {
  asSystemProperty,
  byId,
  countedIds,
  ownServer,
  peerAddress,
  settingProblems,
  systemProperties,
  usualLimits,
} from '../zookeeper-settings.js';

const clientSocket = 'zookeeper.clientCnxnSocket';

/** `KAFKA_A_B__C___D` for `a.b_c-d`, the rule of cp-kafka. */
export function escapedVariable(name: string): string {
  if (name === clientSocket) return 'KAFKA_ZOOKEEPER_CLIENT_CNXN_SOCKET';
  const escaped = name.replaceAll(/[._-]/g, (sign) => '_'.repeat(1 + '._-'.indexOf(sign)));
  return `KAFKA_${escaped.toUpperCase()}`;
}

/** Two signs side by side would be read as another one. */
export const escapedName: Hindrance = (name) =>
  name === clientSocket
    ? undefined
    : nameMatches(
        /^[a-z0-9]+([._-][a-z0-9]+)*$/,
        'the image writes names of small letters only, with one of `.`, `_`, `-` between them',
      )(name, '');

const logDirs = '/var/lib/kafka/data';

/**
 * `confluentinc/cp-kafka` 5.x to 7.9, https://github.com/confluentinc/kafka-images. The file is rendered from the
 * environment at every start, and as the values stand: so they are given as such a file needs them. Its second
 * volume, /etc/kafka/secrets, stays anonymous and goes with the container.
 */
export const confluentKafka: KafkaFamily = {
  name: 'cp-kafka',
  role: 'kafka',
  repositories: ['confluentinc/cp-kafka'],
  volumes: [{ suffix: 'data', target: logDirs }],
  words: (setup) => ({
    environment: {
      ...variables(setup, escapedVariable, escapeValue),
      KAFKA_LOG_DIRS: logDirs,
      KAFKA_HEAP_OPTS: setup.jvm.heap,
      KAFKA_JVM_PERFORMANCE_OPTS: setup.jvm.options,
    },
  }),
  problems: ({ properties }) =>
    hindrances(properties, [escapedName, nameIsFree(refused), noNul, advertisedPlainly]),
};

const refused = {
  ...reserved(['port', 'host', 'advertised.port', 'advertised.host'], 'the image refuses it'),
  ...reserved(['process.roles'], 'the image would start without ZooKeeper'),
  ...reserved(
    [
      'gc.log.opts',
      'heap.opts',
      'jmx.opts',
      'jvm.performance.opts',
      'log4j.loggers',
      'log4j.opts',
      'log4j.root.loglevel',
      'opts',
      'tools.log4j.loglevel',
      'version',
      'zookeeper.client.cnxn.socket',
    ],
    'its variable is for the scripts of the image',
  ),
};

/** The image takes the protocol from the listener's name. */
const advertisedPlainly: Hindrance = (name, value) => {
  if (name !== 'advertised.listeners') return undefined;
  if (value.includes('SSL://'))
    return 'the image wants files in /etc/kafka/secrets for a listener whose name ends with SSL';
  if (/SASL_.*:\/\//.test(value))
    return 'the image wants KAFKA_OPTS for a listener whose name has SASL_';
  return undefined;
};

/**
 * The settings that cp-zookeeper has variables for, in every version. There is none for four-letter words, and it
 * takes no key that it does not know.
 */
export const zooKeeperVariables: ReadonlyMap<string, string> = new Map([
  ['autopurge.purgeInterval', 'ZOOKEEPER_AUTOPURGE_PURGE_INTERVAL'],
  ['autopurge.snapRetainCount', 'ZOOKEEPER_AUTOPURGE_SNAP_RETAIN_COUNT'],
  ['electionAlg', 'ZOOKEEPER_ELECTION_ALG'],
  ['initLimit', 'ZOOKEEPER_INIT_LIMIT'],
  ['maxClientCnxns', 'ZOOKEEPER_MAX_CLIENT_CNXNS'],
  ['maxSessionTimeout', 'ZOOKEEPER_MAX_SESSION_TIMEOUT'],
  ['minSessionTimeout', 'ZOOKEEPER_MIN_SESSION_TIMEOUT'],
  ['quorumListenOnAllIPs', 'ZOOKEEPER_QUORUM_LISTEN_ON_ALL_IPS'],
  ['syncEnabled', 'ZOOKEEPER_SYNC_ENABLED'],
  ['syncLimit', 'ZOOKEEPER_SYNC_LIMIT'],
  ['tickTime', 'ZOOKEEPER_TICK_TIME'],
]);

/** `confluentinc/cp-zookeeper` 5.x to 7.9, from the same repository. A single server has no list and no id. */
export const confluentZooKeeper: ZooKeeperFamily = {
  name: 'cp-zookeeper',
  role: 'zookeeper',
  repositories: ['confluentinc/cp-zookeeper'],
  volumes: [
    { suffix: 'data', target: '/var/lib/zookeeper/data' },
    { suffix: 'datalog', target: '/var/lib/zookeeper/log' },
  ],
  words: (setup) => {
    const { host, port } = ownServer(setup).client;
    const settings = [...new Map([...usualLimits, ...setup.settings])];
    const own = settings.flatMap(([key, value]) => {
      const variable = zooKeeperVariables.get(key);
      return variable === undefined ? [] : [[variable, escapeValue(value)] as const];
    });
    const others = systemProperties(settings.filter(([key]) => !zooKeeperVariables.has(key)));
    return {
      environment: {
        ZOOKEEPER_CLIENT_PORT: String(port),
        ...(host !== undefined && { ZOOKEEPER_CLIENT_PORT_ADDRESS: host }),
        ...(setup.servers.length > 1 && {
          ZOOKEEPER_SERVER_ID: String(setup.id),
          ZOOKEEPER_SERVERS: byId(setup.servers).map(peerAddress).join(';'),
        }),
        ...Object.fromEntries(own),
        ...(others.length > 0 && { KAFKA_OPTS: others.join(' ') }),
        KAFKA_HEAP_OPTS: setup.jvm.heap,
        KAFKA_JVM_PERFORMANCE_OPTS: setup.jvm.options,
      },
    };
  },
  problems: (setup) => [
    ...(setup.servers.length > 1 ? countedIds(setup) : []),
    ...settingProblems(setup, [
      noNul,
      (key, value) => (zooKeeperVariables.has(key) ? undefined : asSystemProperty(key, value)),
    ]),
  ],
};
