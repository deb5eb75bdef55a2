import type { Engine } from '../cluster/engine.js';
import { serviceOfVolume } from '../cluster/guard.js';
import type { ObservedNode, ObservedProject } from '../cluster/observed.js';
import { Label } from '../compose/labels.js';
import { zookeeperMode, type ZooKeeperMode } from '../clients/srvr.js';
import { brokerView } from '../clients/access.js';
import type { BrokerView } from '../clients/protocol/metadata.js';
import { formatAddress, type Address } from '../topology/address.js';
import type { BrokerNode, Topology, ZooKeeperNode } from '../topology/topology.js';
import type { Route } from './routes.js';

/** Milliseconds that one probe of one node may take. */
const probeTimeoutMs = 2000;

/** What a cluster still lacks to be ready, a phrase each; empty when it is ready. */
export type Lacks = string[];

/** What the nodes of a cluster lack before it makes sense to ask them anything. Pure. */
export function nodesLack({ project, nodes, volumes }: ObservedProject): Lacks {
  if (nodes.length === 0) return [`cluster "${project}" is not there yet`];
  const without = (['zookeeper', 'broker'] as const)
    .filter((role) => !nodes.some(({ labels }) => labels[Label.role] === role))
    .map((role) => `there is no ${role} yet`);
  return [...without, ...nodesDown({ nodes }), ...nodesMissing({ nodes, volumes })];
}

/** Nodes that do not run. Pure. */
export function nodesDown({ nodes }: Pick<ObservedProject, 'nodes'>): Lacks {
  return nodes
    .filter(({ state }) => state !== 'running')
    .map(({ service, state }) => `${service} is ${state}`);
}

/** Nodes that are gone while their data is there. Pure. */
export function nodesMissing({
  nodes,
  volumes,
}: Pick<ObservedProject, 'nodes' | 'volumes'>): Lacks {
  return [...new Set(volumes.map(serviceOfVolume))]
    .filter((service) => !nodes.some((node) => node.service === service))
    .map((service) => `${service} is not there, but its data is`);
}

/**
 * A node that has died, as far as can be told: it was seen alive, or it has ended with an exit code of its own, which no
 * signal gives, while others are there. Where every node has ended, the cluster is stopped, and may be started. Pure.
 * @param ran the services that were seen alive
 */
export function deadNode(
  { nodes }: Pick<ObservedProject, 'nodes'>,
  ran: ReadonlySet<string>,
): ObservedNode | undefined {
  const ended = nodes.filter(({ state }) => state === 'exited');
  const isStopped = ended.length === nodes.length;
  return ended.find(
    ({ service, exitCode = 0 }) =>
      ran.has(service) || (!isStopped && exitCode > 0 && exitCode < 128),
  );
}

/** Asks every ZooKeeper for its mode, from the host. */
export async function probeZooKeepers(
  engine: Engine,
  topology: Topology,
): Promise<Map<string, ZooKeeperMode | undefined>> {
  const ask = async (node: ZooKeeperNode): Promise<[string, ZooKeeperMode | undefined]> => {
    const stream = engine.dial(topology.project, 'host', node.hostAddress);
    return [node.service, await zookeeperMode(stream, probeTimeoutMs)];
  };
  return new Map(await Promise.all(topology.zookeepers.map(ask)));
}

/** An ensemble serves when every member serves and, if it has several, exactly one leads. Pure. */
export function zookeepersLack(modes: ReadonlyMap<string, ZooKeeperMode | undefined>): Lacks {
  const silent = [...modes].filter(([, mode]) => mode === undefined).map(([service]) => service);
  if (silent.length > 0) return silent.map((service) => `${service} does not serve yet`);
  const leading = [...modes.values()].filter((mode) => mode === 'leader' || mode === 'standalone');
  return leading.length === 1 ? [] : [`the ensemble has ${leading.length} leaders`];
}

/** Opens a connection to an address that clients of the route are told, the way of the route. */
export function dialBy(
  { from, hostFor }: Route,
  engine: Engine,
  { project }: Topology,
): (to: Address) => ReturnType<Engine['dial']> {
  return ({ host, port }) => engine.dial(project, from, { host: hostFor(host), port });
}

/** Asks every broker for its own metadata through one listener. A broker that does not answer: undefined. */
export async function probeBrokers(
  engine: Engine,
  topology: Topology,
  route: Route,
): Promise<Map<string, BrokerView | undefined>> {
  const dial = dialBy(route, engine, topology);
  const ask = async (node: BrokerNode): Promise<[string, BrokerView | undefined]> => {
    const address = route.advertised(node);
    return [node.service, address && (await brokerView(address, dial, probeTimeoutMs))];
  };
  return new Map(await Promise.all(topology.brokers.map(ask)));
}

/**
 * Brokers are ready when each one's own metadata lists every broker, at the address where clients of that listener
 * reach it, and a controller among them. An open port is not enough: a broker that has not heard of the others yet
 * answers the first topic with "invalid replication factor". Pure.
 */
export function brokersLack(
  topology: Topology,
  views: ReadonlyMap<string, BrokerView | undefined>,
  { name, advertised }: Pick<Route, 'name' | 'advertised'>,
): Lacks {
  return topology.brokers.flatMap((node) => {
    const { service } = node;
    if (!advertised(node)) return [`${service} has no ${name} listener`];
    const view = views.get(service);
    if (!view) return [`${service} does not answer on its ${name} listener yet`];
    const listed = new Map(view.brokers.map(({ id, address }) => [id, formatAddress(address)]));
    const missing = topology.brokers.filter((broker) => {
      const address = advertised(broker);
      return address && listed.get(broker.id) !== formatAddress(address);
    });
    if (missing.length > 0)
      return [`${service} does not list ${missing.map((broker) => broker.service).join(', ')} yet`];
    if (view.controller === undefined || !listed.has(view.controller))
      return [`${service} knows no controller yet`];
    return [];
  });
}
