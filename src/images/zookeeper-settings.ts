import type { EnsembleServer, ZooKeeperSetup } from './family.js';
import { hindrances, nameIsFree, nameMatches, reserved, type Hindrance } from './properties.js';

/**
 * Keys that ZooKeeper reads from its file only. Any other key of the file is the system property `zookeeper.KEY`,
 * and may be given on the command line of the JVM as well: QuorumPeerConfig.parseProperties of ZooKeeper 3.9.
 */
const fileKeys: ReadonlySet<string> = new Set([
  'autopurge.purgeInterval',
  'autopurge.snapRetainCount',
  'clientPortListenBacklog',
  'connectToLearnerMasterLimit',
  'electionAlg',
  'initLimit',
  'localSessionsEnabled',
  'localSessionsUpgradingEnabled',
  'maxClientCnxns',
  'maxSessionTimeout',
  'minSessionTimeout',
  'observerMasterPort',
  'oraclePath',
  'portUnification',
  'quorum.cnxn.threads.size',
  'quorumListenOnAllIPs',
  'reconfigEnabled',
  'secureClientPort',
  'secureClientPortAddress',
  'sslQuorum',
  'sslQuorumReloadCertFiles',
  'standaloneEnabled',
  'syncEnabled',
  'syncLimit',
  'tickTime',
]);
const filePrefixes = [
  'group.',
  'jvm.pause.',
  'metricsProvider.',
  'multiAddress.',
  'quorum.auth.',
  'weight.',
];

export function isFileKey(key: string): boolean {
  return fileKeys.has(key) || filePrefixes.some((prefix) => key.startsWith(prefix));
}

const ownKeys = reserved(
  ['clientPort', 'clientPortAddress', 'dataDir', 'dataLogDir', 'dynamicConfigFile', 'peerType'],
  'kcluster sets it itself',
);

/** What holds for the settings of every family. */
const always: readonly Hindrance[] = [
  nameMatches(/^[\w.-]+$/, 'not a key of zoo.cfg'),
  nameIsFree(ownKeys),
  (key) => (key.startsWith('server.') ? 'kcluster sets it itself' : undefined),
];

/** The problems of the settings, by what holds always and then by a family's own checks. */
export function settingProblems(
  { settings }: ZooKeeperSetup,
  checks: readonly Hindrance[],
): string[] {
  return hindrances(settings, [...always, ...checks]);
}

/** Settings as options of the JVM. */
export function systemProperties(settings: Iterable<readonly [string, string]>): string[] {
  return [...settings].map(([key, value]) => `-Dzookeeper.${key}=${value}`);
}

/** Whether `systemProperties` carries a setting: scripts split the options at white space. */
export function asSystemProperty(key: string, value: string): string | undefined {
  if (isFileKey(key)) return 'the image has no variable for it';
  if (/[\s\0]|[^\0-\x7f]/.test(value)) return 'the image takes it as one word of ASCII only';
  return undefined;
}

/** Heap and options as one line. */
export function jvmLine({ jvm }: ZooKeeperSetup, more: readonly string[] = []): string {
  return [jvm.heap, jvm.options, ...more].filter(Boolean).join(' ');
}

/** `zookeeper-1:2888:3888`, with `:observer` for one. */
export function peerAddress({ host, quorumPort, electionPort, observer }: EnsembleServer): string {
  return `${host}:${quorumPort}:${electionPort}${observer ? ':observer' : ''}`;
}

/** `server.1=zookeeper-1:2888:3888;2181`: without the part behind `;` ZooKeeper serves no client. */
export function serverLine(server: EnsembleServer): string {
  const { host, port } = server.client;
  const client = host === undefined ? String(port) : `${host}:${port}`;
  return `server.${server.id}=${peerAddress(server)};${client}`;
}

/**
 * What most images say of their own accord. Without `initLimit` and `syncLimit` an ensemble does not start, and
 * without `tickTime` ZooKeeper takes 3000.
 */
export const usualLimits: ReadonlyMap<string, string> = new Map([
  ['tickTime', '2000'],
  ['initLimit', '10'],
  ['syncLimit', '5'],
]);

/** The server that a setup is for. @throws Error when there is none */
export function ownServer({ id, servers }: ZooKeeperSetup): EnsembleServer {
  const own = servers.find((server) => server.id === id);
  if (!own) throw new Error(`no server has the id ${id}`);
  return own;
}

/** Servers by their ids, for families that count instead of naming. */
export function byId(servers: readonly EnsembleServer[]): EnsembleServer[] {
  return servers.toSorted((a, b) => a.id - b.id);
}

/** For families that give the first of the list the id 1, and so on. */
export function countedIds({ servers }: ZooKeeperSetup): string[] {
  const counted = byId(servers).every(({ id }, index) => id === index + 1);
  return counted ? [] : ['servers: the image numbers them 1, 2, 3 and so on'];
}
