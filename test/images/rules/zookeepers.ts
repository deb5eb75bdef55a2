import { zooKeeperConfig, zooKeeperId } from '../../../src/images/environment.js';
import type { ServiceWords } from '../../../src/images/family.js';
import { localImages } from '../../../src/images/local.js';
import { loadProperties, shellWords } from './text.js';

/**
 * How the images of each vendor make a ZooKeeper from a service's words: their own rules, told again from what their
 * scripts do, up to what ZooKeeper itself then sees. Every rule may fail, as the image would.
 */
export type ZooKeeperRule = (words: ServiceWords) => SeenByZooKeeper;

export interface SeenByZooKeeper {
  /** Of the file myid; undefined when there is none. */
  id: string | undefined;
  /** By id: `HOST:QUORUM:ELECTION`, with `:observer` for one. */
  servers: Record<string, string>;
  /** `2181`, or `HOST:2181`. */
  client: string | undefined;
  directories: string[];
  /** All other keys of zoo.cfg, wherever they came from. */
  settings: Record<string, string>;
}

/** Keys that ZooKeeper takes from its file only; those that the tests speak of. */
const fileOnly =
  /^(tickTime|initLimit|syncLimit|maxClientCnxns|m(in|ax)SessionTimeout|autopurge\..*|standaloneEnabled|quorumListenOnAllIPs|reconfigEnabled|metricsProvider\..*)$/;

/** What ZooKeeper 3.5 and newer makes of its file and of the options of its JVM. */
function seen(id: string | undefined, file: string, options: readonly string[]): SeenByZooKeeper {
  const trimmed = [...loadProperties(file)].map(([key, value]) => [key, value.trim()] as const);
  const config = Object.fromEntries(trimmed);
  const given = options.flatMap((option) => {
    const [, key = '', value = ''] = /^-Dzookeeper\.([^=]+)=([\s\S]*)$/.exec(option) ?? [];
    const read = value.replaceAll(/[^\0-\x7f]/g, '\ufffd');
    return key === '' || fileOnly.test(key) ? [] : [[key, read] as const];
  });
  const lines = trimmed.filter(([key]) => key.startsWith('server.'));
  const servers = lines.map(
    ([key, value]) => [key.slice('server.'.length), value.split(';')] as const,
  );
  const own = servers.find(([server]) => server === id)?.[1][1];
  const port = config['clientPort'];
  const address = config['clientPortAddress'];
  if (own !== undefined && port !== undefined && own !== port) throw new Error('two client ports');
  if (lines.length > 1 && !(config['initLimit'] && config['syncLimit']))
    throw new Error('initLimit or syncLimit is not set');
  const place = /^(server\..*|dataDir|dataLogDir|clientPort|clientPortAddress)$/;
  return {
    id,
    servers: Object.fromEntries(servers.map(([server, [peer = '']]) => [server, peer])),
    client: own ?? (address === undefined ? port : `${address}:${port}`),
    directories: [config['dataDir'], config['dataLogDir']].filter((each) => each !== undefined),
    // Sixty connections of a client are ZooKeeper's own default.
    settings: Object.fromEntries(
      [['maxClientCnxns', '60'] as const, ...given, ...trimmed].filter(([key]) => !place.test(key)),
    ),
  };
}

/** What the images' own file says without any word. */
export const officialDefaults = {
  tickTime: '2000',
  initLimit: '5',
  syncLimit: '2',
  'autopurge.snapRetainCount': '3',
  'autopurge.purgeInterval': '0',
  maxClientCnxns: '60',
  standaloneEnabled: 'true',
  'admin.enableServer': 'true',
};

export const official: ZooKeeperRule = ({ environment }) => {
  const env: Record<string, string> = {
    ZOO_TICK_TIME: '2000',
    ZOO_INIT_LIMIT: '5',
    ZOO_SYNC_LIMIT: '2',
    ZOO_AUTOPURGE_PURGEINTERVAL: '0',
    ZOO_AUTOPURGE_SNAPRETAINCOUNT: '3',
    ZOO_MAX_CLIENT_CNXNS: '60',
    ZOO_STANDALONE_ENABLED: 'true',
    ZOO_ADMINSERVER_ENABLED: 'true',
    ...environment,
  };
  const lines = [
    'dataDir=/data',
    'dataLogDir=/datalog',
    `tickTime=${env['ZOO_TICK_TIME']}`,
    `initLimit=${env['ZOO_INIT_LIMIT']}`,
    `syncLimit=${env['ZOO_SYNC_LIMIT']}`,
    `autopurge.snapRetainCount=${env['ZOO_AUTOPURGE_SNAPRETAINCOUNT']}`,
    `autopurge.purgeInterval=${env['ZOO_AUTOPURGE_PURGEINTERVAL']}`,
    `maxClientCnxns=${env['ZOO_MAX_CLIENT_CNXNS']}`,
    `standaloneEnabled=${env['ZOO_STANDALONE_ENABLED']}`,
    `admin.enableServer=${env['ZOO_ADMINSERVER_ENABLED']}`,
    ...shellWords(env['ZOO_SERVERS'] || 'server.1=localhost:2888:3888;2181'),
  ];
  const whitelist = env['ZOO_4LW_COMMANDS_WHITELIST'];
  if (whitelist) lines.push(`4lw.commands.whitelist=${whitelist}`);
  lines.push(...shellWords(env['ZOO_CFG_EXTRA'] ?? ''));
  return seen(env['ZOO_MY_ID'] || '1', `${lines.join('\n')}\n`, shellWords(env['JVMFLAGS'] ?? ''));
};

/** The rule that the process engine goes by. */
export const local: ZooKeeperRule = ({ environment }) => {
  const env = { ...localImages.zookeeper.environment, ...environment };
  const id = zooKeeperId(env).trim();
  return seen(id, zooKeeperConfig(env), shellWords(environment['JVMFLAGS'] ?? ''));
};

export const confluent: ZooKeeperRule = ({ environment: env }) => {
  if (!env['ZOOKEEPER_CLIENT_PORT']) throw new Error('ZOOKEEPER_CLIENT_PORT is required');
  const list = env['ZOOKEEPER_SERVERS'] ?? '';
  if (list !== '' && !env['ZOOKEEPER_SERVER_ID'])
    throw new Error('ZOOKEEPER_SERVER_ID is required');
  const names: Record<string, string> = {
    CLIENT_PORT: 'clientPort',
    CLIENT_PORT_ADDRESS: 'clientPortAddress',
    TICK_TIME: 'tickTime',
    GLOBAL_OUTSTANDING_LIMIT: 'globalOutstandingLimit',
    SNAP_COUNT: 'snapCount',
    MAX_CLIENT_CNXNS: 'maxClientCnxns',
    MIN_SESSION_TIMEOUT: 'minSessionTimeout',
    MAX_SESSION_TIMEOUT: 'maxSessionTimeout',
    AUTOPURGE_SNAP_RETAIN_COUNT: 'autopurge.snapRetainCount',
    AUTOPURGE_PURGE_INTERVAL: 'autopurge.purgeInterval',
    INIT_LIMIT: 'initLimit',
    SYNC_LIMIT: 'syncLimit',
    QUORUM_LISTEN_ON_ALL_IPS: 'quorumListenOnAllIPs',
  };
  const given: Record<string, string> = {
    ...(list !== '' && { ZOOKEEPER_INIT_LIMIT: '10', ZOOKEEPER_SYNC_LIMIT: '5' }),
    ...env,
  };
  const lines = Object.entries(names).flatMap(([name, key]) => {
    const value = given[`ZOOKEEPER_${name}`];
    return value === undefined ? [] : [`${key}=${value}`];
  });
  const servers = list === '' ? [] : list.split(';');
  const file = [
    'dataDir=/var/lib/zookeeper/data',
    'dataLogDir=/var/lib/zookeeper/log',
    ...lines,
    ...servers.map((server, index) => `server.${index + 1}=${server}`),
  ].join('\n');
  return seen(env['ZOOKEEPER_SERVER_ID'], file, shellWords(env['KAFKA_OPTS'] ?? ''));
};

export const bitnamiDefaults = {
  tickTime: '2000',
  initLimit: '10',
  syncLimit: '5',
  preAllocSize: '65536',
  snapCount: '100000',
  maxCnxns: '0',
  maxClientCnxns: '60',
  reconfigEnabled: 'false',
  quorumListenOnAllIPs: 'false',
  'autopurge.purgeInterval': '0',
  'autopurge.snapRetainCount': '3',
  '4lw.commands.whitelist': 'srvr, mntr',
  maxSessionTimeout: '40000',
  'admin.serverPort': '8080',
  'admin.enableServer': 'true',
  electionPortBindRetry: '0',
};

export const bitnami: ZooKeeperRule = ({ environment: env }) => {
  // Each of the two is what some versions ask for.
  if (['ALLOW_ANONYMOUS_LOGIN', 'ALLOW_EMPTY_PASSWORD'].some((name) => env[name] !== 'yes'))
    throw new Error('a login is wanted');
  const port = env['ZOO_PORT_NUMBER'] ?? '2181';
  const settings = {
    ...bitnamiSettings(env),
    dataDir: '/bitnami/zookeeper/data',
    clientPort: port,
  };
  // The keys of the sample are written by sed, between words that U+0001 parts.
  if (Object.values(settings).some((text) => /[\n\x01]/.test(text))) throw new Error('sed');
  const servers = (env['ZOO_SERVERS'] ?? '').split(/[;, ]/).filter(Boolean);
  const lines = servers.length < 2 ? [] : servers.map((each) => each.split('::'));
  const file = [
    ...Object.entries(settings).map(([key, text]) => `${key}=${text}`),
    ...lines.map(([address, id]) => `server.${id}=${address};${port}`),
  ].join('\n');
  const flags = `${env['JVMFLAGS']} -Dzookeeper.electionPortBindRetry=0`;
  if (/["$`\\]/.test(flags)) throw new Error('a shell reads java.env');
  return seen(env['ZOO_SERVER_ID'] ?? '1', file, shellWords(flags));
};

function bitnamiSettings(env: Readonly<Record<string, string>>): Record<string, string> {
  const value = (name: string, fallback: string): string => env[name] || fallback;
  const yes = (name: string, fallback: string): string =>
    String(/^(1|yes|true)$/i.test(value(name, fallback)));
  return {
    tickTime: value('ZOO_TICK_TIME', '2000'),
    initLimit: value('ZOO_INIT_LIMIT', '10'),
    syncLimit: value('ZOO_SYNC_LIMIT', '5'),
    preAllocSize: value('ZOO_PRE_ALLOC_SIZE', '65536'),
    snapCount: value('ZOO_SNAPCOUNT', '100000'),
    maxCnxns: value('ZOO_MAX_CNXNS', '0'),
    maxClientCnxns: value('ZOO_MAX_CLIENT_CNXNS', '60'),
    reconfigEnabled: yes('ZOO_RECONFIG_ENABLED', 'no'),
    quorumListenOnAllIPs: yes('ZOO_LISTEN_ALLIPS_ENABLED', 'no'),
    'autopurge.purgeInterval': value('ZOO_AUTOPURGE_INTERVAL', '0'),
    'autopurge.snapRetainCount': value('ZOO_AUTOPURGE_RETAIN_COUNT', '3'),
    '4lw.commands.whitelist': value('ZOO_4LW_COMMANDS_WHITELIST', 'srvr, mntr'),
    maxSessionTimeout: value('ZOO_MAX_SESSION_TIMEOUT', '40000'),
    'admin.serverPort': value('ZOO_ADMIN_SERVER_PORT_NUMBER', '8080'),
    'admin.enableServer': yes('ZOO_ENABLE_ADMIN_SERVER', 'yes'),
  };
}

export const fixedDefaults = {
  tickTime: '2000',
  initLimit: '10',
  syncLimit: '5',
  'autopurge.snapRetainCount': '3',
  'autopurge.purgeInterval': '1',
};

const fixedFile = Object.entries(fixedDefaults).map(([key, value]) => `${key}=${value}`);

export const debezium: ZooKeeperRule = ({ environment: env }) => {
  const id = env['SERVER_ID'] ?? '1';
  const count = Number(env['SERVER_COUNT'] ?? '1');
  const alone = id === '1' && count === 1;
  const servers = Array.from({ length: alone ? 0 : count }, (_, index) => String(index + 1));
  const file = [
    ...fixedFile,
    'dataDir=/zookeeper/data',
    'dataLogDir=/zookeeper/txns',
    'clientPort=2181',
    ...servers.map(
      (each) => `server.${each}=${each === id ? '0.0.0.0' : `zookeeper-${each}`}:2888:3888`,
    ),
  ].join('\n');
  return seen(alone ? undefined : id, file, shellWords(env['JVMFLAGS'] ?? ''));
};

export const wurstmeister: ZooKeeperRule = ({ environment: env }) => {
  const file = [...fixedFile, 'dataDir=/opt/zookeeper-3.4.13/data', 'clientPort=2181'].join('\n');
  return seen(undefined, file, shellWords(env['JVMFLAGS'] ?? ''));
};

/** Does what the one script does: it writes two files from the environment, and starts ZooKeeper from the second. */
export const strimzi: ZooKeeperRule = ({ environment, command = [] }) => {
  const script = command.join(' ');
  if (!script.startsWith('sh -c ')) throw new Error('not a script');
  const writes = [...script.matchAll(/printenv (\w+) > (\S+)/g)].map((match) => match.slice(1));
  const files = Object.fromEntries(
    writes.map(([name, path]) => [path!, `${environment[name!]}\n`]),
  );
  const started = found(/&& exec \S+\/zookeeper-server-start\.sh (\S+)$/, script);
  const dataDir = found(/^dataDir=(.*)$/m, files[started]!);
  return seen(files[`${dataDir}/myid`]?.trim(), files[started]!, []);
};

function found(pattern: RegExp, text: string): string {
  return pattern.exec(text)![1]!;
}
