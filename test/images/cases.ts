import { localImages } from '../../src/images/local.js';

type Env = Readonly<Record<string, string>>;

/** One environment, and the configuration that it means. */
export interface Case {
  name: string;
  env: Env;
  /** Lines of the file. */
  expected: readonly string[];
}

/** The rule of the Kafka image. Checked against the TypeScript, the shell script, and the built image. */
export const kafkaCases: readonly Case[] = [
  { name: 'nothing', env: {}, expected: [] },
  {
    name: 'underscores',
    env: {
      KAFKA_BROKER_ID: '1',
      KAFKA_A_B__C___D: 'v',
      KAFKA_CONFLUENT____X: 'a longer run stays',
    },
    expected: ['a.b_c-d=v', 'broker.id=1', 'confluent____x=a longer run stays'],
  },
  {
    name: 'order by name, not by line',
    env: {
      KAFKA_LOG_DIR: '2',
      KAFKA_LOG_DIRS: '3',
      KAFKA_LOG: '1',
      KAFKA_LOG__X: '4',
      KAFKA_LOG2: '0',
    },
    expected: ['log=1', 'log.dir=2', 'log.dirs=3', 'log2=0', 'log_x=4'],
  },
  {
    name: 'values with signs',
    env: {
      KAFKA_LISTENERS: 'INTERNAL://:29092,HOST://0.0.0.0:9092',
      KAFKA_SSL_PRINCIPAL_MAPPING_RULES: 'RULE:^CN=(.*?),.*$/$1/L,DEFAULT',
      KAFKA_X: 'a=b:c#d!e %s %n $HOME `id` "q" \'s\' * & ;',
    },
    expected: [
      'listeners=INTERNAL://:29092,HOST://0.0.0.0:9092',
      'ssl.principal.mapping.rules=RULE:^CN=(.*?),.*$/$1/L,DEFAULT',
      'x=a=b:c#d!e %s %n $HOME `id` "q" \'s\' * & ;',
    ],
  },
  {
    name: 'values that need an escape',
    env: {
      KAFKA_BACK: 'C:\\kafka\\new',
      KAFKA_BACK_AT_END: 'x\\',
      KAFKA_EMPTY: '',
      KAFKA_LINES: 'one\ntwo\r\nthree\n',
      KAFKA_SPACES: '  two in front and behind  ',
      KAFKA_TABS: '\ta\tb\f',
    },
    expected: [
      'back=C:\\\\kafka\\\\new',
      'back.at.end=x\\\\',
      'empty=',
      'lines=one\\ntwo\\r\\nthree\\n',
      'spaces=\\  two in front and behind  ',
      'tabs=\\ta\\tb\\f',
    ],
  },
  {
    name: 'values beyond ASCII',
    env: { KAFKA_TWO: 'größe', KAFKA_THREE: '漢€', KAFKA_FOUR: '🐘!' },
    expected: ['four=\\ud83d\\udc18!', 'three=\\u6f22\\u20ac', 'two=gr\\u00f6\\u00dfe'],
  },
  {
    name: 'variables of scripts and the JVM',
    env: {
      KAFKA_CUB_ZK_TIMEOUT: '1',
      KAFKA_GC_LOG_OPTS: '-Xlog:gc',
      KAFKA_HEAP_OPTS: '-Xmx1g',
      KAFKA_HOME: '/opt/kafka',
      KAFKA_JMX_HOSTNAME: 'h',
      KAFKA_JMX_OPTS: '-Dj=1',
      KAFKA_JMX_PORT: '9999',
      KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseG1GC',
      KAFKA_LOG4J_LOGGERS: 'a=INFO',
      KAFKA_LOG4J_OPTS: '-Dl=1',
      KAFKA_LOG4J_ROOT_LOGLEVEL: 'INFO',
      KAFKA_OPTS: '-Do=1',
      KAFKA_TOOLS_LOG4J_LOGLEVEL: 'INFO',
      KAFKA_VERSION: '3.9.2',
      KAFKA_OPTS_X: 'a property',
    },
    expected: ['opts.x=a property'],
  },
  {
    name: 'other variables',
    env: { XKAFKA_A: '1', KAFKA: '2', KAFKA_: '3', kafka_b: '4', KAFKA_c: '5', PATH_KAFKA_D: '6' },
    expected: [],
  },
  {
    name: 'the property with capitals',
    env: { KAFKA_ZOOKEEPER_CLIENT_CNXN_SOCKET: 'org.apache.zookeeper.ClientCnxnSocketNetty' },
    expected: ['zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty'],
  },
];

const zooKeeperDefaults = [
  'dataDir=/data',
  'dataLogDir=/datalog',
  'tickTime=2000',
  'initLimit=5',
  'syncLimit=2',
  'autopurge.snapRetainCount=3',
  'autopurge.purgeInterval=0',
  'maxClientCnxns=60',
  'standaloneEnabled=true',
  'admin.enableServer=false',
];
const ownServer = 'server.1=localhost:2888:3888;2181';

/** The rule of the ZooKeeper image; every environment goes over the image's defaults. */
export const zooKeeperCases: readonly Case[] = [
  { name: 'defaults', env: {}, expected: [...zooKeeperDefaults, ownServer] },
  {
    name: 'every number',
    env: {
      ZOO_TICK_TIME: '500',
      ZOO_INIT_LIMIT: '20',
      ZOO_SYNC_LIMIT: '10',
      ZOO_AUTOPURGE_SNAPRETAINCOUNT: '5',
      ZOO_AUTOPURGE_PURGEINTERVAL: '1',
      ZOO_MAX_CLIENT_CNXNS: '0',
      ZOO_STANDALONE_ENABLED: 'false',
      ZOO_ADMINSERVER_ENABLED: 'true',
      ZOO_DATA_DIR: '/a dir/data',
      ZOO_DATA_LOG_DIR: '/a dir/log',
    },
    expected: [
      'dataDir=/a dir/data',
      'dataLogDir=/a dir/log',
      'tickTime=500',
      'initLimit=20',
      'syncLimit=10',
      'autopurge.snapRetainCount=5',
      'autopurge.purgeInterval=1',
      'maxClientCnxns=0',
      'standaloneEnabled=false',
      'admin.enableServer=true',
      ownServer,
    ],
  },
  {
    name: 'an ensemble',
    env: {
      ZOO_MY_ID: '2',
      ZOO_SERVERS:
        'server.1=zookeeper-1:2888:3888;2181  server.2=zookeeper-2:2888:3888;2181\nserver.3=z:1:2:observer;*:3',
    },
    expected: [
      ...zooKeeperDefaults,
      'server.1=zookeeper-1:2888:3888;2181',
      'server.2=zookeeper-2:2888:3888;2181',
      'server.3=z:1:2:observer;*:3',
    ],
  },
  {
    name: 'four-letter words and more lines',
    env: {
      ZOO_4LW_COMMANDS_WHITELIST: 'srvr, mntr',
      ZOO_CFG_EXTRA: ' quorumListenOnAllIPs=true admin.serverPort=0 glob=/* back=a\\nb ',
    },
    expected: [
      ...zooKeeperDefaults,
      ownServer,
      '4lw.commands.whitelist=srvr, mntr',
      'quorumListenOnAllIPs=true',
      'admin.serverPort=0',
      'glob=/*',
      'back=a\\nb',
    ],
  },
  {
    name: 'empty ones',
    env: { ZOO_SERVERS: '', ZOO_4LW_COMMANDS_WHITELIST: '', ZOO_CFG_EXTRA: '', ZOO_MY_ID: '' },
    expected: [...zooKeeperDefaults, ownServer],
  },
];

/** The complete environment of a ZooKeeper case. */
export function zooKeeperEnv({ env }: Case): Record<string, string> {
  return { ...localImages.zookeeper.environment, ...env };
}

/** The lines of a case as a file. */
export function fileOf({ expected }: Case): string {
  return expected.map((line) => `${line}\n`).join('');
}
