import { isAtLeast, parseReference, versionOf } from '../images/reference.js';
import type { Said, Service, Variable } from './model.js';
import {
  bitnamiServer,
  confluentServer,
  officialServer,
  unknownServer,
  type ServerDialect,
} from './server-dialects.js';

/** A member of an ensemble, as one of them lists it. */
export interface Peer {
  /** Undefined where an entry is none. */
  id?: number;
  host: string;
  observer: boolean;
  /** Undefined where the entry has none. */
  clientPort?: number;
  /** As it is written. */
  entry: string;
}

/** A service that is a ZooKeeper. */
export interface Server {
  service: Service;
  dialect: ServerDialect;
  id?: Said<string>;
  /** What it knows of its ensemble. */
  peers?: Said<readonly Peer[]>;
  /** Where it serves clients; undefined where it serves none. */
  clientPort: number | undefined;
  /** By keys of zoo.cfg. */
  settings: ReadonlyMap<string, Variable>;
  dataDirs: readonly string[];
}

export function readServer(service: Service, dialect: ServerDialect): Server {
  const variable = (name: string | undefined): Variable | undefined =>
    name === undefined ? undefined : service.environment.get(name);
  const settings = settingsOf(service, dialect);
  const servers = variable(dialect.servers);
  const id = variable(dialect.id);
  const peers = servers?.value.trim() ? peersIn(servers, dialect) : undefined;
  return {
    service,
    dialect,
    ...(id && { id }),
    ...(peers && { peers }),
    clientPort: clientPortOf(service, dialect, peers?.value, id?.value, settings),
    settings,
    dataDirs: dirsOf(service, dialect),
  };
}

/** Its settings by variables of their own, over those by options of the JVM, over those of ZOO_CFG_EXTRA. */
function settingsOf(service: Service, dialect: ServerDialect): Map<string, Variable> {
  return new Map([
    ...(isOfficial(dialect) ? extraSettings(service) : []),
    ...jvmSettings(service, dialect),
    ...[...dialect.keys].flatMap(([name, key]): [string, Variable][] => {
      const variable = service.environment.get(name);
      return variable && variable.value !== '' ? [[key, variable]] : [];
    }),
  ]);
}

function extraSettings({ environment }: Service): [string, Variable][] {
  const extra = environment.get('ZOO_CFG_EXTRA');
  if (!extra) return [];
  return extra.value.split(/\s+/).flatMap((word): [string, Variable][] => {
    const [key = '', value] = word.split(/=(.*)/s, 2);
    return value === undefined ? [] : [[key, { ...extra, value }]];
  });
}

/** A key that ZooKeeper does not know is a system property, and the other way round. */
function jvmSettings({ environment }: Service, { jvm }: ServerDialect): [string, Variable][] {
  const names = [...new Set([jvm, 'JVMFLAGS', 'SERVER_JVMFLAGS'])];
  return names.flatMap((name) => {
    const options = environment.get(name);
    const matches = options?.value.matchAll(/-Dzookeeper\.([\w.-]+)=(\S+)/g) ?? [];
    return [...matches].map(([, key = '', value = '']): [string, Variable] => [
      key,
      { ...options!, value },
    ]);
  });
}

function peersIn(servers: Variable, dialect: ServerDialect): Said<Peer[]> {
  const { value, at } = servers;
  if (isOfficial(dialect)) return { value: value.trim().split(/\s+/).map(officialPeer), at };
  const separator = dialect === bitnamiServer ? /[,;\s]+/ : /[;,\s]+/;
  const entries = value.trim().split(separator).filter(Boolean);
  return { value: entries.map((entry, index) => countedPeer(entry, index + 1)), at };
}

/** `server.1=zookeeper-1:2888:3888;2181` */
function officialPeer(entry: string): Peer {
  const [, id, host = '', rest = '', client] =
    /^server\.(\d+)=\[?([^:\]]+)\]?((?::\w+)*)(?:;(?:.*:)?(\d+))?;?$/.exec(entry) ?? [];
  return {
    ...(id !== undefined && { id: Number(id) }),
    host,
    observer: rest.endsWith(':observer'),
    ...(client !== undefined && { clientPort: Number(client) }),
    entry,
  };
}

/** `zookeeper-1:2888:3888`, whose id is its place in the list unless `::1` says otherwise. */
function countedPeer(entry: string, place: number): Peer {
  const [address = '', id] = entry.split('::');
  return {
    id: id !== undefined && /^\d+$/.test(id) ? Number(id) : place,
    host: address.split(':')[0]!,
    observer: address.endsWith(':observer'),
    entry,
  };
}

function clientPortOf(
  service: Service,
  dialect: ServerDialect,
  peers: readonly Peer[] | undefined,
  id: string | undefined,
  settings: ReadonlyMap<string, Variable>,
): number | undefined {
  if (!isOfficial(dialect)) return saidClientPort(service, dialect);
  const extra = settings.get('clientPort')?.value;
  if (extra !== undefined) return Number(extra) || undefined;
  if (!takesClientPort(service)) return Number(service.environment.get('ZOO_PORT')?.value ?? 2181);
  const own = id ?? '1';
  if (peers === undefined) return own === '1' ? 2181 : undefined;
  return peers.find((peer) => String(peer.id) === own)?.clientPort;
}

function saidClientPort({ environment }: Service, dialect: ServerDialect): number | undefined {
  const said = dialect.clientPort && environment.get(dialect.clientPort)?.value;
  if (said) return /^\d+$/.test(said) ? Number(said) : undefined;
  return dialect === confluentServer ? undefined : 2181;
}

/** From 3.5 on the client port is a part of the server's own entry. */
export function takesClientPort({ image }: Service): boolean {
  const version = versionOf(parseReference(image?.value ?? '').tag ?? '');
  return version === undefined || isAtLeast(version, [3, 5]);
}

export function isOfficial(dialect: ServerDialect): boolean {
  return dialect === officialServer || dialect === unknownServer;
}

function dirsOf({ environment }: Service, dialect: ServerDialect): string[] {
  if (!isOfficial(dialect)) return [...dialect.dataDirs];
  const names = ['ZOO_DATA_DIR', 'ZOO_DATA_LOG_DIR'];
  return dialect.dataDirs.map((dir, index) => environment.get(names[index]!)?.value ?? dir);
}
