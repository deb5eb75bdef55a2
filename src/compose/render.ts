import { readFileSync } from 'node:fs';
import type { Document } from 'yaml';
import { parseDocument, YAMLMap } from 'yaml';
import type { DataVolume, ImagePair } from '../images/families.js';
import { formatAddress } from '../topology/address.js';
import { containerPorts } from '../topology/ports.js';
import { nodeLabels } from '../topology/recover.js';
import type {
  BrokerNode,
  ClusterNode,
  Network,
  Topology,
  ZooKeeperNode,
} from '../topology/topology.js';
import { toComposeDocument, type ComposeDocument } from './document.js';

/** A compose file as text, and as the document that an engine runs: the one is the other, as Compose reads it. */
export interface RenderedDocument {
  text: string;
  document: ComposeDocument;
}

/**
 * Fills the templates for a topology. Pure but for reading the templates.
 * Nothing is pasted into text: values are set on the parsed YAML tree, so that any value is quoted rightly.
 */
export function renderDocument(topology: Topology, images: ImagePair): RenderedDocument {
  const frame = template('compose.yaml');
  // Written in blocks, whatever the empty maps of the template look like.
  frame.set('services', new YAMLMap());
  frame.set('volumes', new YAMLMap());
  for (const node of topology.zookeepers) addZooKeeper(frame, node, topology, images);
  for (const node of topology.brokers) addBroker(frame, node, topology, images);
  frame.commentBefore = header(topology);
  const text = withoutInterpolation(frame.toString({ lineWidth: 0 }));
  return { text, document: toComposeDocument(frame.toJS()) };
}

/**
 * Compose puts variables where a value has `$NAME`, and reads `$$` as `$`. Every style of a YAML scalar has a `$` as it
 * is, and no key of a document has one.
 */
function withoutInterpolation(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function addZooKeeper(
  frame: Document.Parsed,
  node: ZooKeeperNode,
  topology: Topology,
  images: ImagePair,
): void {
  const service = template('zookeeper.yaml');
  fill(service, 'environment', {
    ZOO_MY_ID: String(node.id),
    ZOO_SERVERS: topology.zookeepers.map((peer) => ensembleEntry(peer, topology.network)).join(' '),
  });
  addService(frame, service, node, topology.network, images.zookeeper);
}

function addBroker(
  frame: Document.Parsed,
  node: BrokerNode,
  topology: Topology,
  images: ImagePair,
): void {
  const service = template('kafka.yaml');
  const replicas = Math.min(3, topology.brokers.length);
  // With three replicas one broker may fail and acks=all still be answered.
  const insync = replicas === 3 ? 2 : 1;
  fill(service, 'environment', {
    KAFKA_BROKER_ID: String(node.id),
    KAFKA_ZOOKEEPER_CONNECT: topology.zookeepers
      .map((peer) => formatAddress(peer.networkAddress))
      .join(','),
    KAFKA_LISTENERS: listeners(node, topology.network),
    KAFKA_ADVERTISED_LISTENERS: `INTERNAL://${formatAddress(node.networkAddress)},HOST://${formatAddress(node.hostAddress)}`,
    KAFKA_DEFAULT_REPLICATION_FACTOR: String(replicas),
    KAFKA_MIN_INSYNC_REPLICAS: String(insync),
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: String(replicas),
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: String(replicas),
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: String(insync),
  });
  service.set(
    'depends_on',
    topology.zookeepers.map((peer) => peer.service),
  );
  addService(frame, service, node, topology.network, images.kafka);
}

function addService(
  frame: Document.Parsed,
  service: Document.Parsed,
  node: ClusterNode,
  network: Network,
  { image, volumes }: { image: string; volumes: readonly DataVolume[] },
): void {
  const map = service.contents as YAMLMap;
  map.items.unshift(service.createPair('image', image));
  if (network === 'bridge') {
    const inside = node.role === 'zookeeper' ? containerPorts.client : containerPorts.host;
    service.set('hostname', node.service);
    service.set('ports', [`${formatAddress(node.hostAddress)}:${inside}`]);
  } else {
    service.set('network_mode', 'host');
  }
  const mounts = volumes.map(({ suffix, target }) => ({
    key: `${node.service}-${suffix}`,
    target,
  }));
  service.set(
    'volumes',
    mounts.map(({ key, target }) => `${key}:${target}`),
  );
  fill(service, 'labels', nodeLabels(node));
  frame.setIn(['services', node.service], map);
  for (const { key } of mounts) frame.setIn(['volumes', key], new YAMLMap());
}

/**
 * One word of ZOO_SERVERS. The part behind `;` is the client port; without it ZooKeeper serves no client.
 * On the loopback interface the client address is named too, or it would be 0.0.0.0.
 */
function ensembleEntry(node: ZooKeeperNode, network: Network): string {
  const { host, port } = node.networkAddress;
  const client = network === 'bridge' ? String(port) : `${host}:${port}`;
  return `server.${node.id}=${host}:${node.peerPorts.quorum}:${node.peerPorts.election};${client}`;
}

/** What the broker binds: every interface of its container, or loopback only where it shares the host's. */
function listeners(node: BrokerNode, network: Network): string {
  if (network === 'bridge')
    return `INTERNAL://:${containerPorts.internal},HOST://:${containerPorts.host}`;
  return `INTERNAL://${formatAddress(node.networkAddress)},HOST://${formatAddress(node.hostAddress)}`;
}

function fill(service: Document.Parsed, key: string, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) service.setIn([key, name], value);
}

function header({ project }: Topology): string {
  return [
    ` The kcluster project "${project}".`,
    ` By hand: docker compose -p ${project} -f THIS_FILE up -d`,
  ].join('\n');
}

/** What YAML 1.1 would read as a number or a time is quoted: docker-compose 1 reads YAML 1.1. */
const yamlOptions = { compat: 'yaml-1.1' } as const;

function template(name: string): Document.Parsed {
  const path = new URL(`../../templates/${name}`, import.meta.url);
  const document = parseDocument(readFileSync(path, 'utf8'), yamlOptions);
  const [error] = document.errors;
  if (error) throw error;
  document.commentBefore = null;
  return document;
}
