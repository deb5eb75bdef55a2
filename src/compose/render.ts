import { YAMLMap, type Document } from 'yaml';
import type { BrokerSetup, ImageFamily, ZooKeeperSetup } from '../images/family.js';
import { rememberedLabels } from '../spec/remembered.js';
import type { ResolvedSpec } from '../spec/resolve.js';
import { formatAddress } from '../topology/address.js';
import { joinedAlias } from '../topology/layout.js';
import { containerPorts } from '../topology/ports.js';
import { nodeLabels } from '../topology/recover.js';
import type { BrokerNode, ClusterNode, Topology, ZooKeeperNode } from '../topology/topology.js';
import { brokerSetup } from './broker-setup.js';
import { toComposeDocument, type ComposeDocument } from './document.js';
import { Label } from './labels.js';
import { environmentOf, setEnvironment, template } from './template.js';
import { zooKeeperSetup } from './zookeeper-setup.js';

/** An image, and how it is told what it is to be. */
interface FamilyImage<Setup> {
  image: string;
  family: ImageFamily<Setup>;
}

/** The images of one cluster. */
export interface ClusterImages {
  zookeeper: FamilyImage<ZooKeeperSetup>;
  kafka: FamilyImage<BrokerSetup>;
}

/** A compose file as text, and as the document that an engine runs: the one is the other, parsed. */
export interface RenderedDocument {
  text: string;
  document: ComposeDocument;
}

/**
 * Fills the templates for a topology. Pure but for reading the templates.
 * Nothing is pasted into text: values are set on the parsed YAML tree, so that any value is quoted rightly.
 * @param protocol see `brokerSetup`
 */
export function renderDocument(
  resolved: ResolvedSpec,
  topology: Topology,
  images: ClusterImages,
  protocol?: string,
): RenderedDocument {
  const frame = template('compose.yaml');
  // Written in blocks, whatever the empty maps of the template look like.
  frame.set('services', new YAMLMap());
  frame.set('volumes', new YAMLMap());
  const scene = { frame, resolved, topology, ...(protocol !== undefined && { protocol }) };
  for (const node of topology.zookeepers) addZooKeeper(scene, node, images.zookeeper);
  for (const node of topology.brokers) addBroker(scene, node, images.kafka);
  for (const name of topology.joinedNetworks)
    frame.setIn(['networks', name], frame.createNode({ external: true, name }));
  frame.commentBefore = header(topology);
  const text = frame.toString({ lineWidth: 0 });
  return { text, document: toComposeDocument(frame.toJS()) };
}

interface Scene {
  frame: Document.Parsed;
  resolved: ResolvedSpec;
  topology: Topology;
  protocol?: string;
}

function addZooKeeper(scene: Scene, node: ZooKeeperNode, image: FamilyImage<ZooKeeperSetup>): void {
  const service = template('zookeeper.yaml');
  const { resolved, topology } = scene;
  const setup = zooKeeperSetup(node, resolved.spec, topology, environmentOf(service));
  addService(scene, service, node, image, setup);
}

function addBroker(scene: Scene, node: BrokerNode, image: FamilyImage<BrokerSetup>): void {
  const service = template('kafka.yaml');
  const { resolved, topology, protocol } = scene;
  const setup = brokerSetup(node, resolved.spec, topology, environmentOf(service), protocol);
  service.set(
    'depends_on',
    topology.zookeepers.map((peer) => peer.service),
  );
  addService(scene, service, node, image, setup);
}

function addService<Setup>(
  scene: Scene,
  service: Document.Parsed,
  node: ClusterNode,
  { image, family }: FamilyImage<Setup>,
  setup: Setup,
): void {
  const { environment, ...words } = family.words(setup);
  const map = service.contents as YAMLMap;
  for (const [key, value] of Object.entries({ ...words, image }))
    map.items.unshift(service.createPair(key, value));
  setEnvironment(service, environment);
  setNetwork(service, node, scene.topology);
  const mounts = family.volumes.map(({ suffix, target }) => ({
    key: `${node.service}-${suffix}`,
    target,
  }));
  service.set(
    'volumes',
    mounts.map(({ key, target }) => `${key}:${target}`),
  );
  service.set('labels', {
    ...nodeLabels(node, scene.topology),
    ...(node.role === 'broker' &&
      scene.protocol !== undefined && { [Label.protocol]: scene.protocol }),
    ...rememberedLabels(scene.resolved, node),
  });
  scene.frame.setIn(['services', node.service], map);
  for (const { key } of mounts) scene.frame.setIn(['volumes', key], new YAMLMap());
}

function setNetwork(service: Document.Parsed, node: ClusterNode, topology: Topology): void {
  if (topology.network === 'host') {
    service.set('network_mode', 'host');
    return;
  }
  service.set('hostname', node.service);
  service.set('ports', publishedPorts(node));
  const { joinedNetworks, project } = topology;
  if (joinedNetworks.length === 0) return;
  const aliases = [joinedAlias(project, node.service)];
  const joined = joinedNetworks.map((name) => [name, { aliases }] as const);
  service.set('networks', { default: {}, ...Object.fromEntries(joined) });
}

function publishedPorts(node: ClusterNode): string[] {
  const to = node.role === 'zookeeper' ? containerPorts.client : containerPorts.host;
  const extra = node.role === 'broker' ? node.listeners : [];
  return [
    `${formatAddress(node.hostAddress)}:${to}`,
    ...extra.flatMap(({ name, bind }) =>
      bind
        ? [
            `${formatAddress(bind)}:${containerPorts[name === 'EXTERNAL' ? 'external' : 'dockerHost']}`,
          ]
        : [],
    ),
  ];
}

function header({ project }: Topology): string {
  return [
    ` The kcluster project "${project}".`,
    ` By hand: docker compose -p ${project} -f THIS_FILE up -d`,
  ].join('\n');
}
