import { zooKeeperKeys } from '../images/environment.js';
import { zooKeeperVariables as bitnamiVariables } from '../images/vendors/bitnami.js';
import { zooKeeperVariables as confluentVariables } from '../images/vendors/confluent.js';

/** How images of ZooKeeper read a compose file. */
export interface ServerDialect {
  /** As messages call the images. */
  name: string;
  /** Keys of zoo.cfg by the variables that set them. */
  keys: ReadonlyMap<string, string>;
  id?: string;
  servers?: string;
  clientPort?: string;
  /** Directories of snapshots, and of the log of transactions where that is another. */
  dataDirs: readonly string[];
  /** The variable of options of the JVM. */
  jvm: string;
  /** Old snapshots stay unless a setting says otherwise. */
  keepsSnapshots: boolean;
  /** Four-letter words that are answered unless a setting says otherwise; undefined for all. */
  fourLetterWords: readonly string[] | undefined;
}

/** Keys of zoo.cfg by variables, from variables by keys. */
function byVariable(keys: Iterable<readonly [key: string, variable: string]>): Map<string, string> {
  return new Map([...keys].map(([key, variable]) => [variable, key] as const));
}

export const officialServer: ServerDialect = {
  name: 'zookeeper',
  keys: byVariable([
    ...zooKeeperKeys.filter(([key]) => !key.startsWith('data')),
    ['4lw.commands.whitelist', 'ZOO_4LW_COMMANDS_WHITELIST'],
  ]),
  id: 'ZOO_MY_ID',
  servers: 'ZOO_SERVERS',
  dataDirs: ['/data', '/datalog'],
  jvm: 'JVMFLAGS',
  keepsSnapshots: true,
  fourLetterWords: ['srvr'],
};

export const confluentServer: ServerDialect = {
  name: 'cp-zookeeper',
  keys: byVariable([
    ...confluentVariables,
    ['admin.enableServer', 'ZOOKEEPER_ADMIN_ENABLE_SERVER'],
    ['admin.serverPort', 'ZOOKEEPER_ADMIN_SERVER_PORT'],
  ]),
  id: 'ZOOKEEPER_SERVER_ID',
  servers: 'ZOOKEEPER_SERVERS',
  clientPort: 'ZOOKEEPER_CLIENT_PORT',
  dataDirs: ['/var/lib/zookeeper/data', '/var/lib/zookeeper/log'],
  jvm: 'KAFKA_OPTS',
  keepsSnapshots: true,
  fourLetterWords: ['srvr'],
};

export const bitnamiServer: ServerDialect = {
  name: 'bitnami/zookeeper',
  keys: byVariable(bitnamiVariables),
  id: 'ZOO_SERVER_ID',
  servers: 'ZOO_SERVERS',
  clientPort: 'ZOO_PORT_NUMBER',
  dataDirs: ['/bitnami/zookeeper'],
  jvm: 'JVMFLAGS',
  keepsSnapshots: true,
  fourLetterWords: ['srvr', 'mntr'],
};

export const debeziumServer: ServerDialect = {
  name: 'debezium/zookeeper',
  keys: new Map(),
  id: 'SERVER_ID',
  dataDirs: ['/zookeeper/data', '/zookeeper/txns'],
  jvm: 'JVMFLAGS',
  keepsSnapshots: false,
  fourLetterWords: ['srvr'],
};

export const wurstmeisterServer: ServerDialect = {
  name: 'wurstmeister/zookeeper',
  keys: new Map(),
  dataDirs: ['/opt/zookeeper-3.4.13/data'],
  jvm: 'JVMFLAGS',
  keepsSnapshots: false,
  fourLetterWords: undefined,
};

/** Kafka's own script with a file. */
export const scriptServer: ServerDialect = {
  name: "Kafka's own ZooKeeper",
  keys: new Map(),
  dataDirs: ['/tmp/zookeeper'],
  jvm: 'KAFKA_OPTS',
  keepsSnapshots: true,
  fourLetterWords: ['srvr'],
};

/** Of an image that kcluster doesn't know: what most of them read. */
export const unknownServer: ServerDialect = {
  ...officialServer,
  name: 'an image that kcluster does not know',
  keepsSnapshots: false,
  fourLetterWords: undefined,
};
