import { YAMLMap, type Document } from 'yaml';
import type { ClusterImages, FamilyImage } from '../images/choice.js';
import type { BrokerSetup, ZooKeeperSetup } from '../images/family.js';
import type { Problem } from '../spec/problem.js';
import { rememberedLabels } from '../spec/remembered.js';
import type { ResolvedSpec } from '../spec/resolve.js';
import type { ClusterSpec } from '../spec/schema.js';
import { formatAddress } from '../topology/address.js';
import { hostsEntry, joinedAlias } from '../topology/layout.js';
import { containerPorts } from '../topology/ports.js';
import { nodeLabels } from '../topology/recover.js';
import type { BrokerNode, ClusterNode, Topology, ZooKeeperNode } from '../topology/topology.js';
import { brokerSetup } from './broker-setup.js';
import { toComposeDocument, type ComposeDocument } from './document.js';
import { Label } from './labels.js';
import { environmentOf, setEnvironment, template } from './template.js';
import { withoutInterpolation } from './text.js';
import { zooKeeperSetup } from './zookeeper-setup.js';

/** A compose file as text, and as the document that an engine runs: the one is the other, as Compose reads it. */
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
  const text = withoutInterpolation(frame.toString({ lineWidth: 0 }));
  return { text, document: toComposeDocument(frame.toJS()) };
}

/** What the images can't be told, each at the setting that asks for it. */
export function setupProblems(
  resolved: ResolvedSpec,
  topology: Topology,
  images: ClusterImages,
): Problem[] {
  const { spec } = resolved;
  const { zookeeper, kafka } = images;
  const serverDefaults = environmentOf(template('zookeeper.yaml'));
  const brokerDefaults = environmentOf(template('kafka.yaml'));
  const servers = topology.zookeepers.flatMap((node) =>
    zookeeper.family.problems(
      zooKeeperSetup(node, spec, topology, serverDefaults, zookeeper.family),
    ),
  );
  const brokers = topology.brokers.flatMap((node) =>
    kafka.family.problems(brokerSetup(node, spec, topology, brokerDefaults, kafka.family)),
  );
  return [
    ...[...new Set(servers)].map((phrase) => unsayable('zookeeper', phrase, images, spec)),
    ...[...new Set(brokers)].map((phrase) => unsayable('kafka', phrase, images, spec)),
  ];
}

/** The problem of a phrase, which begins with the name of a setting: the user's, or one that the cluster needs. */
function unsayable(
  section: 'kafka' | 'zookeeper',
  phrase: string,
  images: ClusterImages,
  spec: ClusterSpec,
): Problem {
  const name = Object.keys(spec[section].settings).find((each) => phrase.startsWith(`${each}:`));
  const message = `${images[section].image} can't be told ${phrase}`;
  return name === undefined
    ? { path: [section, 'image'], message }
    : { path: [section, 'settings', name], message, part: 'key' };
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
  const setup = zooKeeperSetup(node, resolved.spec, topology, environmentOf(service), image.family);
  addService(scene, service, node, image, setup);
}

function addBroker(scene: Scene, node: BrokerNode, image: FamilyImage<BrokerSetup>): void {
  const service = template('kafka.yaml');
  const { resolved, topology, protocol } = scene;
  const setup = brokerSetup(
    node,
    resolved.spec,
    topology,
    environmentOf(service),
    image.family,
    protocol,
  );
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
  const isAlone = topology.joinedNetworks.length === 0;
  // Docker makes the host name an alias on every network, also where it may be somebody else's.
  if (isAlone) service.set('hostname', node.service);
  service.set('ports', publishedPorts(node));
  const dockerHost = dockerHostEntry(node);
  if (dockerHost !== undefined) service.set('extra_hosts', [dockerHost]);
  if (!isAlone) service.set('networks', networksOf(node, topology));
}

/** The own network and those that are joined, with the node's name on each. */
function networksOf(
  node: ClusterNode,
  { joinedNetworks, project }: Topology,
): Record<string, { aliases: string[] }> {
  const joined = joinedNetworks.map((name) => {
    return [name, { aliases: [joinedAlias(project, node.service)] }] as const;
  });
  return { default: { aliases: [node.networkAddress.host] }, ...Object.fromEntries(joined) };
}

/** Docker's name for the host, as a client's container has it: checks of the listener start inside a node. */
function dockerHostEntry(node: ClusterNode): string | undefined {
  if (node.role !== 'broker') return undefined;
  const listener = node.listeners.find(({ name }) => name === 'DOCKERHOST');
  return listener && hostsEntry(listener);
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
