import { readBroker, type Broker } from './broker.js';
import type { ComposeFile, Service } from './model.js';
import { roleOf } from './roles.js';
import { readServer, type Server } from './server.js';

/** Brokers with the ZooKeepers that they share. */
export interface Cluster {
  brokers: readonly Broker[];
  servers: readonly Server[];
}

/** A compose file with the part that each of its services plays; what rules look at. */
export interface ComposeContext {
  file: ComposeFile;
  clusters: readonly Cluster[];
  brokers: readonly Broker[];
  servers: readonly Server[];
  /** Brokers that ask no ZooKeeper. */
  kraft: readonly Service[];
  /** Everything else. */
  others: readonly Service[];
}

export function contextOf(file: ComposeFile): ComposeContext {
  const roles = file.services.map((service) => ({ service, ...roleOf(service) }));
  const brokers = roles.flatMap((each) =>
    each.role === 'broker' ? [readBroker(each.service, each.dialect)] : [],
  );
  const servers = roles.flatMap((each) =>
    each.role === 'server' ? [readServer(each.service, each.dialect)] : [],
  );
  const withRole = (role: string): Service[] =>
    roles.filter((each) => each.role === role).map(({ service }) => service);
  return {
    file,
    clusters: clustersOf(brokers, servers),
    brokers,
    servers,
    kraft: withRole('kraft'),
    others: withRole('other'),
  };
}

/** The names by which other containers reach a service. */
export function namesOf({ name, containerName, networks }: Service): string[] {
  return [name, ...(containerName ? [containerName.value] : []), ...[...networks.values()].flat()];
}

/** The server that a host names, for a client in a container. */
export function serverAt(servers: readonly Server[], host: string): Server | undefined {
  return servers.find(({ service }) => namesOf(service).includes(host));
}

/** How many brokers a cluster has. */
export function sizeOf({ brokers }: Pick<Cluster, 'brokers'>): number {
  return brokers.reduce((sum, { count }) => sum + count, 0);
}

/** The cluster that a broker is of. */
export function clusterOf({ clusters }: Pick<ComposeContext, 'clusters'>, broker: Broker): Cluster {
  return clusters.find(({ brokers }) => brokers.includes(broker))!;
}

/**
 * Brokers that share a ZooKeeper and the root in it are one cluster. Where no broker names a ZooKeeper of the file
 * rightly, there is one cluster of all that is there.
 */
function clustersOf(brokers: readonly Broker[], servers: readonly Server[]): Cluster[] {
  const ensembles = ensemblesOf(servers, brokers);
  const clusters = new Map<string, { brokers: Broker[]; servers: readonly Server[] }>();
  for (const broker of brokers) {
    const ensemble = ensembles.find((members) => asks(broker, members)) ?? [];
    const key = `${ensemble[0]?.service.name ?? ''} ${broker.connect?.chroot ?? ''}`;
    const cluster = clusters.get(key) ?? { brokers: [], servers: ensemble };
    cluster.brokers.push(broker);
    clusters.set(key, cluster);
  }
  const all = [...clusters.values()];
  const lost = all.filter((cluster) => cluster.servers.length === 0);
  const found = all.filter((cluster) => cluster.servers.length > 0);
  const strayed = lost.flatMap((cluster) => cluster.brokers);
  if (strayed.length === 0) return found;
  if (found.length === 1)
    return [{ servers: found[0]!.servers, brokers: [...found[0]!.brokers, ...strayed] }];
  const isOnly = found.length === 0 && ensembles.length === 1;
  return [...found, { brokers: strayed, servers: isOnly ? ensembles[0]! : [] }];
}

function asks({ connect }: Broker, members: readonly Server[]): boolean {
  return connect?.servers.some(({ host }) => serverAt(members, host)) ?? false;
}

/** ZooKeepers that list one another, or that one broker names together. */
function ensemblesOf(servers: readonly Server[], brokers: readonly Broker[]): Server[][] {
  const groups = [
    ...servers.map((server) => [server, ...named(servers, server.peers?.value ?? [])]),
    ...brokers.map(({ connect }) => named(servers, connect?.servers ?? [])),
  ];
  return groups.reduce<Server[][]>((ensembles, group) => {
    const touching = ensembles.filter((members) => members.some((each) => group.includes(each)));
    const others = ensembles.filter((members) => !touching.includes(members));
    const joined = new Set([...touching.flat(), ...group]);
    return joined.size === 0 ? ensembles : [...others, [...joined]];
  }, []);
}

function named(servers: readonly Server[], hosts: readonly { host: string }[]): Server[] {
  return hosts.flatMap(({ host }) => serverAt(servers, host) ?? []);
}
