import { zooKeeperKeys } from '../../images/environment.js';
import { localImages } from '../../images/local.js';
import { isFileKey } from '../../images/zookeeper-settings.js';
import type { Cluster } from '../context.js';
import type { Variable } from '../model.js';
import type { Server } from '../server.js';
import { changed, leftBehind, partOf, type Part, type Remark } from './part.js';

const whitelist = '4lw.commands.whitelist';

/**
 * Settings of ZooKeepers by the keys of zoo.cfg, which all of them share.
 * @param usual what each has without them
 * @param images the family that is taken
 */
export function zooKeeperSettingsPart(
  { servers }: Cluster,
  usual: ReadonlyMap<string, string>,
  images: unknown,
): Part {
  const [server] = servers;
  if (!server) return partOf([]);
  const known = new Map([...(images === 'confluent' ? [] : officialDefaults()), ...usual]);
  const carried = [...server.settings]
    .filter(([key]) => fateOf(key) === undefined)
    .map(([key, { value }]) => [key, key === whitelist ? words(value, known) : value] as const)
    .filter(([key, value]) => known.get(key) !== value);
  return partOf(
    carried.map(([key, value]) => [['zookeeper', 'settings', key], value]),
    [
      ...[...server.settings].flatMap(([key, variable]) => lost(key, variable, server)),
      ...servers.flatMap((other) => differing(other, server)),
    ],
  );
}

/** What the official image and kcluster's own say where nothing is said. */
function officialDefaults(): [string, string][] {
  const environment: Readonly<Record<string, string>> = localImages.zookeeper.environment;
  return zooKeeperKeys.flatMap(([key, variable]): [string, string][] => {
    const value = environment[variable];
    return value === undefined ? [] : [[key, value]];
  });
}

/** The words of the file beside those that kcluster and people ask with. */
function words(value: string, known: ReadonlyMap<string, string>): string {
  if (value.includes('*')) return '*';
  const usual = (known.get(whitelist) ?? '').split(',').filter(Boolean);
  const all = new Set([...usual, ...value.split(',').map((word) => word.trim())]);
  return [...all].filter(Boolean).join(',');
}

/** Why a setting is left behind; undefined for one that is not. */
function fateOf(key: string): 'own' | readonly [why: string, fix: string] | undefined {
  if (/^(clientPort|clientPortAddress|dataDir|dataLogDir|peerType|server\.)/.test(key))
    return 'own';
  if (/^admin\./.test(key))
    return [
      'kcluster publishes no admin server.',
      'Ask with four-letter words at the client port.',
    ];
  if (
    /^(secure|ssl|sslQuorum|quorum\.auth|authProvider|requireClientAuth|sessionRequire|kerberos|DigestAuth|skipACL|enforce|portUnification)/i.test(
      key,
    )
  )
    return ['The ZooKeepers of kcluster ask nobody who he is.', 'Test security somewhere else.'];
  if (key === whitelist || isFileKey(key) || others.test(key)) return undefined;
  return ['It is no setting of ZooKeeper that kcluster knows.', 'Leave it out.'];
}

/** Settings that ZooKeeper reads as system properties. */
const others =
  /^(autopurge|cnxTimeout|commitProcessor|compress|digest|extendedTypes|fastleader|flushDelay|follower\.|forceSync|fsync|globalOutstandingLimit|globalSession|jute|jvm\.|leaderServes|leader\.|learner\.|maxBatchSize|max[A-Z]|min[A-Z]|multiAddress|nio|observer\.|preAllocSize|readonlymode|request|serialize|snapCount|snapshot|snapSize|tcpKeepAlive|throttle|txn|watchManager|zookeeper\.)/;

function lost(key: string, { at, name }: Variable, { service }: Server): Remark[] {
  const fate = fateOf(key);
  if (fate === undefined || fate === 'own') return [];
  const [why, fix] = fate;
  return [leftBehind({ at, service, message: `${key} (${name}) is left out`, why, fix })];
}

/** kcluster has one set of settings for all ZooKeepers. */
function differing(other: Server, first: Server): Remark[] {
  if (other === first) return [];
  return [...other.settings].flatMap(([key, { value, at }]) => {
    const said = first.settings.get(key)?.value;
    if (fateOf(key) !== undefined || said === value) return [];
    return [
      changed({
        at,
        service: other.service,
        message: `${key} ${value} becomes ${said ?? 'what it is without'}`,
        why: `All ZooKeepers of kcluster have the settings of ${first.service.name}.`,
        fix: 'Say the same for all of them.',
      }),
    ];
  });
}
