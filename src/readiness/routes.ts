import type { Place } from '../cluster/engine.js';
import { addressesOf, ownAddresses } from '../system/names.js';
import type { Address } from '../topology/address.js';
import type { BrokerNode, ExtraListener, Topology } from '../topology/topology.js';

/** The way of a check through one listener: that of its clients, or as near to it as this machine gets. */
export interface Route {
  /** `HOST`, `INTERNAL`, `JOINED/apps`: the listener, and which network where there are several. */
  name: string;
  /** Where connections are opened. */
  from: Place;
  /** What clients are told of a broker; undefined of one that does not have the listener. */
  advertised: (broker: BrokerNode) => Address | undefined;
  /** The host to connect to, for one that clients are told. */
  hostFor: (advertised: string) => string;
  /** How it connects, in words, where there is a choice. */
  how?: string;
}

/** A route for every listener of the cluster, those that every cluster has first. */
export async function findRoutes(topology: Topology): Promise<Route[]> {
  return [hostRoute, internalRoute, ...(await extraRoutes(topology))];
}

/** Those of listeners that were asked for. */
export async function extraRoutes(topology: Topology): Promise<Route[]> {
  return [
    ...topology.joinedNetworks.map((network) => joinedRoute(network, topology)),
    ...extraRoute(topology, 'DOCKERHOST', (listener) => dockerHostWay(listener, topology)),
    ...(await externalRoutes(topology)),
  ];
}

/** How to reach it from this machine: enough to ask a broker anything. */
export const hostRoute: Route = {
  name: 'HOST',
  from: 'host',
  advertised: (broker) => broker.hostAddress,
  hostFor: (host) => host,
};

const internalRoute: Route = {
  name: 'INTERNAL',
  from: 'network',
  advertised: (broker) => broker.networkAddress,
  hostFor: (host) => host,
};

/** From a node; Docker looks `NAME.NETWORK` up on that network alone. */
function joinedRoute(network: string, { joinedNetworks }: Topology): Route {
  return {
    name: joinedNetworks.length === 1 ? 'JOINED' : `JOINED/${network}`,
    from: 'network',
    advertised: advertisedBy('JOINED'),
    hostFor: (host) => `${host}.${network}`,
    how: `from a node on ${network}`,
  };
}

/** How to connect to a listener that is bound on the host. */
export interface Way {
  from: Place;
  /** In place of the advertised one. */
  host: string;
  how: string;
}

/** A node's container has the name, as a client's has; a local process goes to where the listener is. Pure. */
export function dockerHostWay(listener: Bound, { network }: Pick<Topology, 'network'>): Way {
  if (network === 'host') {
    const host = reachable(listener.bind.host);
    return { from: 'host', host, how: `by ${host}` };
  }
  const { host } = listener.advertised;
  return { from: 'network', host, how: `from a node by ${host}` };
}

/**
 * Clients on other machines go by the advertised name. So does a check where this machine knows it as an address that
 * the listener is bound on; a name that only others know, or that means a router, it can't follow. Pure.
 * @param resolved the addresses of the advertised name on this machine
 * @param own the addresses of this machine
 */
export function externalWay(
  { advertised, bind }: Bound,
  resolved: readonly string[],
  own: readonly string[],
): Way {
  const isBound = (address: string): boolean =>
    bind.host === everyAddress
      ? address.startsWith('127.') || own.includes(address)
      : address === bind.host;
  if (resolved.length > 0 && resolved.every(isBound))
    return { from: 'host', host: advertised.host, how: `by ${advertised.host}` };
  const host = reachable(bind.host);
  const why = whyNot(advertised.host, resolved);
  return { from: 'host', host, how: `by ${host}, since ${advertised.host} ${why} here` };
}

function whyNot(advertised: string, resolved: readonly string[]): string {
  if (resolved.length === 0) return 'does not resolve';
  return resolved.includes(advertised) ? 'is not bound' : `is ${resolved.join(', ')}`;
}

type Bound = Pick<ExtraListener, 'advertised'> & { bind: Address };

const everyAddress = '0.0.0.0';

/** An address to connect to, of one to bind. */
function reachable(bound: string): string {
  return bound === everyAddress ? '127.0.0.1' : bound;
}

async function externalRoutes(topology: Topology): Promise<Route[]> {
  const listener = boundListener(topology, 'EXTERNAL');
  if (!listener) return [];
  const resolved = await addressesOf(listener.advertised.host);
  return extraRoute(topology, 'EXTERNAL', (each) => externalWay(each, resolved, ownAddresses()));
}

function extraRoute(
  topology: Topology,
  name: 'DOCKERHOST' | 'EXTERNAL',
  wayOf: (listener: Bound) => Way,
): Route[] {
  const listener = boundListener(topology, name);
  if (!listener) return [];
  const { from, host, how } = wayOf(listener);
  return [{ name, from, advertised: advertisedBy(name), hostFor: () => host, how }];
}

/** That of the first broker that has it: all are bound alike. */
function boundListener({ brokers }: Topology, name: ExtraListener['name']): Bound | undefined {
  const listeners = brokers.flatMap((broker) => broker.listeners);
  return listeners.find((each): each is Bound & ExtraListener => each.name === name && !!each.bind);
}

function advertisedBy(name: ExtraListener['name']): Route['advertised'] {
  return ({ listeners }) => listeners.find((each) => each.name === name)?.advertised;
}
