import type { Engine } from '../cluster/engine.js';
import type { ObservedNode, ObservedProject } from '../cluster/observed.js';
import type { ZooKeeperMode } from '../clients/srvr.js';
import { formatAddress } from '../topology/address.js';
import { nodesOf, zookeeperConnect, type Topology } from '../topology/topology.js';
import {
  brokersLack,
  nodesDown,
  nodesMissing,
  probeBrokers,
  probeZooKeepers,
  zookeepersLack,
  type Lacks,
} from './readiness.js';
import { extraRoutes, hostRoute } from './routes.js';

export interface NodeHealth {
  service: string;
  role: 'zookeeper' | 'broker';
  id: number;
  /** A container's name or `pid N`. */
  handle: string;
  image: string;
  state: ObservedNode['state'];
  /** For clients on the host. */
  address: string;
  networkAddress: string;
  /** Of a ZooKeeper that serves. */
  mode?: ZooKeeperMode;
  /** Of a broker: whether it has its znode under /brokers/ids; undefined when ZooKeeper can't tell. */
  registered?: boolean;
  /** Of a broker that answers: ids of all brokers in its own metadata. */
  lists?: number[];
  /** Of a broker that answers: whether it is the controller by its own metadata. */
  controller?: boolean;
}

export interface Health {
  healthy: boolean;
  /** Id of the broker that /controller names. */
  controller?: number;
  nodes: NodeHealth[];
  /** What keeps it from being healthy, a phrase each. */
  problems: string[];
}

const requestTimeoutMs = 3000;

/** Probes a cluster once; nothing is waited for or changed. */
export async function probeHealth(
  engine: Engine,
  topology: Topology,
  observed: ObservedProject,
): Promise<Health> {
  const probing = probeZooKeepers(engine, topology);
  const [modes, views, registry] = await Promise.all([
    probing,
    probeBrokers(engine, topology, hostRoute),
    probing.then((each) => readRegistry(topology, each)),
  ]);
  const unregistered = topology.brokers
    .filter(({ id }) => registry !== undefined && !registry.ids.includes(id))
    .map(({ service }) => `${service} is not registered in ZooKeeper`);
  const problems = [
    ...nodesDown(observed),
    ...nodesMissing(observed),
    ...(registry ? [] : ['ZooKeeper gives no session']),
    ...zookeepersLack(modes),
    ...unregistered,
    ...(registry && registry.controller === undefined ? ['there is no controller'] : []),
    ...(await listenersLack(engine, topology, views)),
  ];
  return {
    healthy: problems.length === 0,
    ...(registry?.controller !== undefined && { controller: registry.controller }),
    problems,
    nodes: nodesOf(topology).map((node): NodeHealth => {
      const { service, role, id } = node;
      const seen = observed.nodes.find((candidate) => candidate.service === service)!;
      const mode = modes.get(service);
      const view = views.get(service);
      return {
        service,
        role,
        id,
        handle: seen.handle,
        image: seen.image,
        state: seen.state,
        address: formatAddress(node.hostAddress),
        networkAddress: formatAddress(node.networkAddress),
        ...(mode && { mode }),
        ...(role === 'broker' && registry && { registered: registry.ids.includes(id) }),
        ...(view && {
          lists: view.brokers.map((broker) => broker.id).sort((a, b) => a - b),
          controller: view.controller === id,
        }),
      };
    }),
  };
}

/**
 * Of a broker that does not answer on the host's listener, the others would tell nothing new; through that of the
 * network the brokers themselves talk.
 */
async function listenersLack(
  engine: Engine,
  topology: Topology,
  onHost: Awaited<ReturnType<typeof probeBrokers>>,
): Promise<Lacks> {
  const lacks = brokersLack(topology, onHost, hostRoute);
  if (lacks.length > 0) return lacks;
  const routes = await extraRoutes(topology);
  const more = routes.map(async (route) =>
    brokersLack(topology, await probeBrokers(engine, topology, route), route),
  );
  return (await Promise.all(more)).flat();
}

interface Registry {
  ids: number[];
  controller: number | undefined;
}

/** What ZooKeeper says of the brokers; undefined when it gives no session, as where no server serves. */
async function readRegistry(
  topology: Topology,
  modes: ReadonlyMap<string, ZooKeeperMode | undefined>,
): Promise<Registry | undefined> {
  if ([...modes.values()].every((mode) => mode === undefined)) return undefined;
  const { withZooKeeper } = await import('../clients/zookeeper.js');
  const { controllerOf } = await import('../clients/znodes.js');
  try {
    return await withZooKeeper(zookeeperConnect(topology), requestTimeoutMs, async (session) => {
      const [ids, controller] = await Promise.all([
        session.children('/brokers/ids'),
        session.read('/controller'),
      ]);
      return { ids: ids.map(Number), controller: controllerOf(controller) };
    });
  } catch {
    return undefined;
  }
}
