import type { ComposeContext } from '../context.js';
import { mayHaveMore, namesOf } from '../context.js';
import { eachServer, type Problem, type Rules } from '../finding.js';
import { isLoopback } from '../../topology/address.js';
import { isWildcard } from '../listener.js';
import { bitnamiServer, confluentServer } from '../server-dialects.js';
import { isOfficial, type Peer, type Server } from '../server.js';

/** Whether ZooKeepers start, and find one another. */
export const ensembleRules: Rules = {
  /** The official image has no clientPort but that of the own entry; cp-zookeeper asks for a variable. */
  'client-port': eachServer((server) => {
    const { dialect, service, peers, clientPort } = server;
    if (clientPort !== undefined || mayHaveMore(service)) return [];
    if (dialect === confluentServer) {
      if (service.environment.has('ZOOKEEPER_SECURE_CLIENT_PORT')) return [];
      return error(
        server,
        service.at,
        'ZOOKEEPER_CLIENT_PORT is missing: the container ends at once',
        'cp-zookeeper has no port that it takes by itself.',
        'Add ZOOKEEPER_CLIENT_PORT: 2181.',
      );
    }
    const own = peers && isOfficial(dialect) ? ownPeer(server) : undefined;
    if (!own) return [];
    return error(
      server,
      peers!.at,
      `the entry of server ${own.id} has no client port: nothing listens on 2181`,
      'Since ZooKeeper 3.5 the port for clients is a part of the entry, and the image sets no other.',
      `Write ${own.entry.replace(/;.*$/, '')};2181.`,
    );
  }),
  'server-entry': eachServer((server) => {
    const { peers, dialect, service } = server;
    if (!peers || !isOfficial(dialect)) return [];
    const broken = peers.value.filter(({ id }) => id === undefined);
    return broken.flatMap(({ entry }) =>
      error(
        server,
        peers.at,
        `"${entry}" is not an entry of ZOO_SERVERS`,
        'ZooKeeper does not start with an entry that it can not read; spaces part one from the next.',
        `Write server.1=${service.name}:2888:3888;2181.`,
      ),
    );
  }),
  'server-id': eachServer((server) => idProblems(server)),
  'server-id-alone': eachServer((server) => {
    const { id, peers, dialect } = server;
    if (!id || peers || !dialect.servers) return [];
    if (isOfficial(dialect) && id.value !== '1') {
      return error(
        server,
        id.at,
        `${dialect.id} is ${id.value} without ${dialect.servers}: clients are never served`,
        'The image then lists server 1 only, and this one does not find itself in the list.',
        `Leave ${dialect.id} out, or add ${dialect.servers} with an entry for ${id.value}.`,
      );
    }
    return [
      {
        level: 'note',
        at: id.at,
        service: server.service,
        message: `${dialect.id} does nothing here`,
        why: `A server by itself needs no id; an ensemble needs ${dialect.servers} as well. An id that is in the volume already stays what it is.`,
        fix: 'Leave it out.',
      },
    ];
  }),
  'server-id-taken': ({ clusters, servers }) => {
    const ensembles = clusters.length > 0 ? clusters.map((each) => each.servers) : [servers];
    return ensembles.flatMap((members) => members.flatMap((each) => takenId(each, members)));
  },
  'server-peers': eachServer((server, context) => peerProblems(server, context)),
  'ensemble-apart': ({ clusters }) =>
    clusters.flatMap(({ servers }) => {
      const alone = servers.filter((server) => (server.peers?.value.length ?? 0) < 2);
      const isFixed = servers.some(({ dialect }) => dialect.id === 'SERVER_ID');
      const [first] = alone;
      if (servers.length < 2 || !first || isFixed) return [];
      const { dialect, service } = first;
      const list = servers.map((each, index) => entryFor(each, index + 1));
      return error(
        first,
        service.at,
        `${servers.length} ZooKeepers that do not know one another`,
        'Each is a ZooKeeper of its own, and brokers that ask different ones see different clusters.',
        dialect.servers
          ? `Give each of them an id and ${dialect.servers}: ${list.join(isOfficial(dialect) ? ' ' : ';')}.`
          : 'Take the official image zookeeper, which can be told of an ensemble.',
      );
    }),
  'ensemble-even': ({ clusters }) =>
    clusters.flatMap(({ servers }) => {
      const peers = servers.find((each) => (each.peers?.value.length ?? 0) > 1)?.peers;
      const voters = peers?.value.filter(({ observer }) => !observer).length ?? 0;
      if (!peers || voters < 2 || voters % 2 === 1) return [];
      return [
        {
          level: 'warning',
          at: peers.at,
          service: servers[0]!.service,
          message: `an ensemble of ${voters} survives no more failures than one of ${voters - 1}`,
          why: 'More than half of the servers must be there, so an even one adds nothing but work.',
          fix: `Take ${voters - 1} or ${voters + 1} servers.`,
        } satisfies Problem,
      ];
    }),
  'server-scaled': eachServer((server) => {
    const { replicas } = server.service;
    if (!replicas || replicas.value < 2) return [];
    return error(
      server,
      replicas.at,
      `${replicas.value} copies of one ZooKeeper have the same id and do not know one another`,
      'An ensemble is made of servers with ids of their own that list each other.',
      'Write a service for each server.',
    );
  }),
  /** The images that were frozen; the switch is in their `validate`. */
  'anonymous-login': eachServer((server) => {
    const { dialect, service } = server;
    if (dialect !== bitnamiServer || mayHaveMore(service)) return [];
    const isAllowed = ['ALLOW_ANONYMOUS_LOGIN', 'ALLOW_EMPTY_PASSWORD'].some((name) =>
      /^(yes|true|1)$/i.test(service.environment.get(name)?.value ?? ''),
    );
    if (isAllowed || service.environment.has('ZOO_ENABLE_AUTH')) return [];
    return error(
      server,
      service.at,
      'ALLOW_ANONYMOUS_LOGIN is missing: the container ends at once',
      "Bitnami's image starts without authentication only where that is allowed by name.",
      'Add ALLOW_ANONYMOUS_LOGIN: "yes".',
    );
  }),
};

function error(
  { service }: Server,
  at: Problem['at'],
  message: string,
  why: string,
  fix: string,
): Problem[] {
  return [{ level: 'error', at, service, message, why, fix }];
}

function ownPeer({ id, peers }: Server): Peer | undefined {
  return peers?.value.find((peer) => String(peer.id) === (id?.value ?? '1'));
}

function entryFor(server: Server, id: number): string {
  const { service, dialect } = server;
  const address = `${service.name}:2888:3888`;
  return isOfficial(dialect) ? `server.${id}=${address};2181` : address;
}

/** A server that is not in its own list, or stands there as another. */
function idProblems(server: Server): Problem[] {
  const { id, peers, dialect, service } = server;
  if (!peers) return [];
  if (!id && dialect === confluentServer) {
    return error(
      server,
      peers.at,
      'ZOOKEEPER_SERVER_ID is missing: the container ends at once',
      'With ZOOKEEPER_SERVERS a server must know which of them it is.',
      'Add ZOOKEEPER_SERVER_ID: 1, by its place in the list.',
    );
  }
  const own = ownPeer(server);
  const said = id?.value ?? '1';
  if (!own) {
    return error(
      server,
      id?.at ?? peers.at,
      `there is no server ${said} in ${dialect.servers}`,
      'A server that is not in its own list serves no clients.',
      `Add an entry for ${said}, or set ${dialect.id} to one that is there.`,
    );
  }
  if (mayBe(service, own.host)) return [];
  return error(
    server,
    id?.at ?? peers.at,
    `server ${said} is ${own.host} in ${dialect.servers}, and this is ${service.name}`,
    'Its peers look for it at another host, and it listens at a name that is not its own.',
    `Set ${dialect.id} to the id that ${service.name} has in the list.`,
  );
}

/** Whether a host may be the service itself, as far as the file tells. */
function mayBe(service: Server['service'], host: string): boolean {
  const names = [...namesOf(service), service.hostname?.value, ''];
  return names.includes(host) || isLoopback(host) || isWildcard(host) || /[.:]/.test(host);
}

function takenId(server: Server, members: readonly Server[]): Problem[] {
  const { id, dialect } = server;
  const earlier = members.slice(0, members.indexOf(server));
  const own = id?.value ?? '1';
  const isList = server.peers !== undefined && server.peers.value.length > 1;
  const other = earlier.find((each) => (each.id?.value ?? '1') === own);
  if (!other || !isList || !dialect.id) return [];
  return error(
    server,
    id?.at ?? server.service.at,
    `${dialect.id} ${own} is that of ${other.service.name} too`,
    'Ids are unique in an ensemble; two servers with one id never agree on a leader.',
    `Set ${dialect.id} to a number of its own.`,
  );
}

function peerProblems(server: Server, { file }: ComposeContext): Problem[] {
  const { peers, service, dialect } = server;
  if (!peers) return [];
  const known = file.services.flatMap((each) => namesOf(each));
  const own = ownPeer(server);
  return peers.value
    .filter((peer) => peer !== own && peer.id !== undefined)
    .flatMap(({ host, id }) => {
      if (known.includes(host) || /[.:]/.test(host)) return [];
      if (service.extraHosts.includes(host)) return [];
      return error(
        server,
        peers.at,
        `server ${id} is ${host}, and there is no such service`,
        isLoopback(host)
          ? 'localhost is the container itself, not another server.'
          : 'Its place stays empty, and each election waits for it.',
        `Correct the name in ${dialect.servers}, or take the entry out.`,
      );
    });
}
