import type { Engine, Place } from '../cluster/engine.js';
import { zookeeperMode, type ZooKeeperMode } from '../clients/srvr.js';
import { brokerView, type BrokerView } from '../clients/kafka.js';
import { formatAddress, type Address } from '../topology/address.js';
import type { BrokerNode, Topology, ZooKeeperNode } from '../topology/topology.js';

/** Milliseconds that one probe of one node may take. */
const probeTimeoutMs = 2000;

/** What a cluster still lacks to be ready, a phrase each; empty when it is ready. */
export type Lacks = string[];

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

/** Asks every broker for its own metadata through the listener of the place. A broker that does not answer: undefined. */
export async function probeBrokers(
  engine: Engine,
  topology: Topology,
  from: Place,
): Promise<Map<string, BrokerView | undefined>> {
  const ask = async (node: BrokerNode): Promise<[string, BrokerView | undefined]> => {
    const dial = (to: Address): ReturnType<Engine['dial']> =>
      engine.dial(topology.project, from, to);
    const view = await brokerView(addressFrom(node, from), dial, probeTimeoutMs).catch(
      () => undefined,
    );
    return [node.service, view];
  };
  return new Map(await Promise.all(topology.brokers.map(ask)));
}

/**
 * Brokers are ready when each one's own metadata lists every broker, at the address where clients of that place reach
 * it, and a controller among them. An open port is not enough: a broker that has not heard of the others yet answers
 * the first topic with "invalid replication factor". Pure.
 */
export function brokersLack(
  topology: Topology,
  views: ReadonlyMap<string, BrokerView | undefined>,
  from: Place,
): Lacks {
  return topology.brokers.flatMap(({ service }) => {
    const view = views.get(service);
    if (!view) return [`${service} does not answer on its ${from} listener yet`];
    const listed = new Map(view.brokers.map(({ id, address }) => [id, formatAddress(address)]));
    const missing = topology.brokers.filter(
      (broker) => listed.get(broker.id) !== formatAddress(addressFrom(broker, from)),
    );
    if (missing.length > 0)
      return [`${service} does not list ${missing.map((broker) => broker.service).join(', ')} yet`];
    if (view.controller === undefined || !listed.has(view.controller))
      return [`${service} knows no controller yet`];
    return [];
  });
}

export function addressFrom(node: BrokerNode, from: Place): Address {
  return from === 'host' ? node.hostAddress : node.networkAddress;
}
