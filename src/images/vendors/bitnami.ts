import type { KafkaFamily, ZooKeeperFamily, ZooKeeperSetup } from '../family.js';
import {
  flatVariable,
  hindrances,
  nameIsFree,
  plainLine,
  reserved,
  valueLacks,
  variables,
  type Hindrance,
} from '../properties.js';
import {
  asSystemProperty,
  jvmLine,
  ownServer,
  peerAddress,
  settingProblems,
  systemProperties,
} from '../zookeeper-settings.js';

const clientSocket = 'zookeeper.clientCnxnSocket';

/**
 * `bitnamilegacy/kafka` up to 3.9, once `bitnami/kafka`, https://github.com/bitnami/containers. At every start the
 * sample file comes back, without what concerns listeners, ids and ZooKeeper, and each variable is written into it
 * with `sed`, twice. It declares no volume; /bitnami/kafka is the one that it is made for.
 */
export const bitnamiKafka: KafkaFamily = {
  name: 'bitnami/kafka',
  role: 'kafka',
  repositories: ['bitnamilegacy/kafka', 'bitnami/kafka'],
  volumes: [{ suffix: 'data', target: '/bitnami/kafka' }],
  words: (setup) => ({
    environment: {
      ...variables(setup, variable),
      KAFKA_CFG_LOG_DIRS: '/bitnami/kafka/data',
      KAFKA_HEAP_OPTS: setup.jvm.heap,
      KAFKA_JVM_PERFORMANCE_OPTS: setup.jvm.options,
      // Asked by the versions before the summer of 2023, and ignored by later ones.
      ALLOW_PLAINTEXT_LISTENER: 'yes',
      KAFKA_ENABLE_KRAFT: 'no',
    },
  }),
  problems: ({ properties }) =>
    hindrances(properties, [
      writableName,
      nameIsFree(reserved(['process.roles'], 'the image would start without ZooKeeper')),
      ...plainLine,
      // The sign U+0001 is what parts the words of its sed.
      valueLacks(
        /[&\\\x01]/,
        'the image edits its file with sed, and `&` and `\\` are signs there',
      ),
      (name, value) =>
        name === 'sasl.enabled.mechanisms' && value === ''
          ? 'the image has a list of its own for an empty one'
          : undefined,
      plainProtocols,
      freePorts,
    ]),
};

function variable(name: string): string {
  if (name === clientSocket) return 'KAFKA_CFG_ZOOKEEPER_CLIENTCNXNSOCKET';
  return flatVariable('KAFKA_CFG_', name);
}

/** No sign but the dot has a way into the file, except in `sasl_ssl` and `sasl_plaintext`. */
const writableName: Hindrance = (name) => {
  const written = name
    .replaceAll('_', '.')
    .replaceAll('sasl.ssl', 'sasl_ssl')
    .replaceAll('sasl.plaintext', 'sasl_plaintext');
  if (name === clientSocket) return undefined;
  return written === name && /^[a-z0-9]+([._][a-z0-9]+)*$/.test(name)
    ? undefined
    : 'the image writes names of small letters and dots only';
};

const plainProtocols: Hindrance = (name, value) =>
  name === 'listener.security.protocol.map' && /:(SASL|SSL)/.test(value)
    ? 'the image wants key stores and users of its own for anything but PLAINTEXT'
    : undefined;

const freePorts: Hindrance = (name, value) =>
  name === 'listeners' && value.split(',').some((each) => Number(each.split(':').at(-1)) < 1024)
    ? 'the image refuses ports below 1024'
    : undefined;

/** Its names differ from those of the official image. */
export const zooKeeperVariables: ReadonlyMap<string, string> = new Map([
  ['4lw.commands.whitelist', 'ZOO_4LW_COMMANDS_WHITELIST'],
  ['admin.enableServer', 'ZOO_ENABLE_ADMIN_SERVER'],
  ['admin.serverPort', 'ZOO_ADMIN_SERVER_PORT_NUMBER'],
  ['autopurge.purgeInterval', 'ZOO_AUTOPURGE_INTERVAL'],
  ['autopurge.snapRetainCount', 'ZOO_AUTOPURGE_RETAIN_COUNT'],
  ['initLimit', 'ZOO_INIT_LIMIT'],
  ['maxClientCnxns', 'ZOO_MAX_CLIENT_CNXNS'],
  ['maxCnxns', 'ZOO_MAX_CNXNS'],
  ['maxSessionTimeout', 'ZOO_MAX_SESSION_TIMEOUT'],
  ['preAllocSize', 'ZOO_PRE_ALLOC_SIZE'],
  ['quorumListenOnAllIPs', 'ZOO_LISTEN_ALLIPS_ENABLED'],
  ['reconfigEnabled', 'ZOO_RECONFIG_ENABLED'],
  ['snapCount', 'ZOO_SNAPCOUNT'],
  ['syncLimit', 'ZOO_SYNC_LIMIT'],
  ['tickTime', 'ZOO_TICK_TIME'],
]);

const switches = new Set(['admin.enableServer', 'quorumListenOnAllIPs', 'reconfigEnabled']);

/**
 * `bitnamilegacy/zookeeper`, once `bitnami/zookeeper`. The images that were frozen ask for ALLOW_ANONYMOUS_LOGIN,
 * their last sources for ALLOW_EMPTY_PASSWORD. The options of the JVM go through a file that a shell reads.
 */
export const bitnamiZooKeeper: ZooKeeperFamily = {
  name: 'bitnami/zookeeper',
  role: 'zookeeper',
  repositories: ['bitnamilegacy/zookeeper', 'bitnami/zookeeper'],
  volumes: [{ suffix: 'data', target: '/bitnami/zookeeper' }],
  words: (setup) => {
    const settings = [...setup.settings];
    const own = settings.flatMap(([key, value]) => {
      const name = zooKeeperVariables.get(key);
      return name === undefined ? [] : [[name, value] as const];
    });
    const others = systemProperties(settings.filter(([key]) => !zooKeeperVariables.has(key)));
    return {
      environment: {
        ZOO_SERVER_ID: String(setup.id),
        ZOO_PORT_NUMBER: String(ownServer(setup).client.port),
        ...(setup.servers.length > 1 && {
          ZOO_SERVERS: setup.servers
            .map((server) => `${peerAddress(server)}::${server.id}`)
            .join(','),
        }),
        ...Object.fromEntries(own),
        JVMFLAGS: jvmLine(setup, others),
        ALLOW_ANONYMOUS_LOGIN: 'yes',
        ALLOW_EMPTY_PASSWORD: 'yes',
      },
    };
  },
  problems: (setup) => [
    ...clientProblems(setup),
    ...(/-Xm[xs].*-Xm[xs]/.test(jvmLine(setup))
      ? []
      : ['JVMFLAGS: the image takes its own heap of 1 GB unless both -Xms and -Xmx are there']),
    ...(/["$`\\]/.test(jvmLine(setup)) ? ['JVMFLAGS: a shell reads it between quotes'] : []),
    ...settingProblems(setup, [writableSetting]),
  ],
};

function clientProblems({ servers }: ZooKeeperSetup): string[] {
  const ports = new Set(servers.map(({ client }) => client.port));
  return [
    ...(ports.size > 1 ? ['clientPort: the image has one for all servers'] : []),
    ...(servers.some(({ client }) => client.host !== undefined)
      ? ['clientPortAddress: the image serves clients on every interface']
      : []),
  ];
}

const writableSetting: Hindrance = (key, value) => {
  if (!zooKeeperVariables.has(key))
    return /["$`\\]/.test(value) ? 'a shell reads it between quotes' : asSystemProperty(key, value);
  if (value === '') return 'the image has a value of its own for an empty one';
  if (switches.has(key) && value !== 'true' && value !== 'false')
    return 'the image makes true or false of it';
  return /[&\\\n\r\0\x01]|[^\0-\x7f]/.test(value)
    ? 'the image edits its file with sed, and this is no plain text'
    : undefined;
};
