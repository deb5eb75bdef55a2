import { kafkaProperties, type Environment } from '../images/environment.js';
import type { BrokerSetup, KafkaFamily } from '../images/family.js';
import type { ClusterSpec } from '../spec/schema.js';
import { formatAddress, type Address } from '../topology/address.js';
import { containerPorts } from '../topology/ports.js';
import type { BrokerNode, ExtraListener, Topology } from '../topology/topology.js';
import { jvmWish } from './jvm.js';
import { withoutUnsayable } from './optional.js';

/**
 * What a broker is to be: the template's properties, over them what the topology says, over those the user's settings.
 * @param defaults the template's environment, which is written by the rule of `kafkaProperties`
 * @param protocol the line of Kafka whose protocol brokers speak, while an upgrade is under way
 */
export function brokerSetup(
  node: BrokerNode,
  { kafka }: ClusterSpec,
  topology: Topology,
  defaults: Environment,
  family: KafkaFamily,
  protocol?: string,
): BrokerSetup {
  const own = kafka.perBroker[node.id];
  const suggested = kafkaProperties(defaults);
  // Where it keeps its data is the image's matter.
  suggested.delete('log.dirs');
  const said = new Map(
    Object.entries({
      'broker.id': String(node.id),
      'zookeeper.connect': topology.zookeepers
        .map((peer) => formatAddress(peer.networkAddress))
        .join(','),
      ...(node.rack !== undefined && { 'broker.rack': node.rack }),
      ...listenerProperties(node, topology),
      ...replicationProperties(topology.brokers.length),
      ...(protocol !== undefined && { [protocolSetting]: protocol }),
      ...kafka.settings,
      ...own?.settings,
    }),
  );
  const setup: BrokerSetup = {
    id: node.id,
    properties: new Map([...suggested, ...said]),
    jvm: jvmWish(brokerOptions(defaults), own ?? {}, kafka),
  };
  const optional = new Set([...suggested.keys()].filter((name) => !said.has(name)));
  const properties = withoutUnsayable(setup.properties, optional, family.problems(setup));
  return { ...setup, properties };
}

/** The options of the JVM that a broker's template has. */
export function brokerOptions(defaults: Environment): string {
  return `${defaults['KAFKA_HEAP_OPTS']} ${defaults['KAFKA_JVM_PERFORMANCE_OPTS']}`;
}

/** Which line's protocol brokers speak to each other; without it that of their own. */
export const protocolSetting = 'inter.broker.protocol.version';

/** The `min.insync.replicas` of so many brokers: one may fail of three, and acks=all is still answered. */
export function minInsync(brokers: number): number {
  return brokers >= 3 ? 2 : 1;
}

function replicationProperties(brokers: number): Record<string, string> {
  const replicas = String(Math.min(3, brokers));
  const insync = String(minInsync(brokers));
  return {
    'default.replication.factor': replicas,
    'min.insync.replicas': insync,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': insync,
  };
}

function listenerProperties(node: BrokerNode, topology: Topology): Record<string, string> {
  const all = [
    {
      name: 'INTERNAL',
      bind: bindOf('internal', node.networkAddress, topology),
      to: node.networkAddress,
    },
    { name: 'HOST', bind: bindOf('host', node.hostAddress, topology), to: node.hostAddress },
    ...node.listeners.map(({ name, bind, advertised }) => ({
      name,
      bind: bindOf(purposes[name], bind, topology),
      to: advertised,
    })),
  ];
  return {
    listeners: all.map(({ name, bind }) => `${name}://${bind}`).join(','),
    'advertised.listeners': all.map(({ name, to }) => `${name}://${formatAddress(to)}`).join(','),
    'listener.security.protocol.map': all.map(({ name }) => `${name}:PLAINTEXT`).join(','),
    'inter.broker.listener.name': 'INTERNAL',
  };
}

const purposes: Record<ExtraListener['name'], keyof typeof containerPorts> = {
  JOINED: 'joined',
  DOCKERHOST: 'dockerHost',
  EXTERNAL: 'external',
};

/** Every interface of its container, or only the one asked for where it shares the host's. */
function bindOf(
  purpose: keyof typeof containerPorts,
  address: Address | undefined,
  { network }: Topology,
): string {
  if (network === 'bridge' || address === undefined) return `:${containerPorts[purpose]}`;
  return formatAddress(address);
}
