import { YAMLMap, type Document } from 'yaml';
import type { FamilyImage } from '../images/choice.js';
import type { BrokerSetup } from '../images/family.js';
import { profileLabel } from '../spec/profile.js';
import { rememberedLabels } from '../spec/remembered.js';
import { formatAddress } from '../topology/address.js';
import { hostsEntry, joinedAlias } from '../topology/layout.js';
import { containerPorts } from '../topology/ports.js';
import { nodeLabels } from '../topology/recover.js';
import type { BrokerNode, ClusterNode, Topology } from '../topology/topology.js';
import type { ComposeDocument } from './document.js';
import { toComposeDocument } from './read-document.js';
import { Label } from './labels.js';
import type { ClusterSetups, NodeSetup } from './setups.js';
import { nodeTemplate, setEnvironment, template } from './template.js';
import { withoutInterpolation } from './text.js';

/** A compose file as text, and as the document that an engine runs: the one is the other, as Compose reads it. */
export interface RenderedDocument {
  text: string;
  document: ComposeDocument;
}

/**
 * Fills the templates for nodes that are set up. Pure but for reading the templates.
 * Nothing is pasted into text: values are set on the parsed YAML tree, so that any value is quoted rightly.
 */
export function renderDocument(setups: ClusterSetups): RenderedDocument {
  const { topology, resolved } = setups;
  const { profile } = resolved.spec;
  const frame = template('compose.yaml');
  // Written in blocks, whatever the empty maps of the template look like.
  frame.set('services', new YAMLMap());
  frame.set('volumes', new YAMLMap());
  const scene = { frame, setups };
  for (const each of setups.zookeepers)
    addService(scene, nodeTemplate('zookeeper', profile), each, setups.images.zookeeper);
  for (const each of setups.brokers) addBroker(scene, each);
  for (const name of topology.joinedNetworks)
    frame.setIn(['networks', name], frame.createNode({ external: true, name }));
  frame.commentBefore = header(topology);
  const text = withoutInterpolation(frame.toString({ lineWidth: 0 }));
  return { text, document: toComposeDocument(frame.toJS()) };
}

interface Scene {
  frame: Document.Parsed;
  setups: ClusterSetups;
}

function addBroker(scene: Scene, broker: NodeSetup<BrokerNode, BrokerSetup>): void {
  const { topology, images, resolved } = scene.setups;
  const service = nodeTemplate('broker', resolved.spec.profile);
  service.set(
    'depends_on',
    topology.zookeepers.map((peer) => peer.service),
  );
  addService(scene, service, broker, images.kafka);
}

function addService<Setup>(
  { frame, setups: { resolved, topology, protocol } }: Scene,
  service: Document.Parsed,
  { node, setup }: NodeSetup<ClusterNode, Setup>,
  { image, family }: FamilyImage<Setup>,
): void {
  const { environment, ...words } = family.words(setup);
  const map = service.contents as YAMLMap;
  for (const [key, value] of Object.entries({ ...words, image }))
    map.items.unshift(service.createPair(key, value));
  setEnvironment(service, environment);
  setNetwork(service, node, topology);
  const mounts = family.volumes.map(({ suffix, target }) => ({
    key: `${node.service}-${suffix}`,
    target,
  }));
  service.set(
    'volumes',
    mounts.map(({ key, target }) => `${key}:${target}`),
  );
  service.set('labels', {
    ...nodeLabels(node, topology),
    ...(node.role === 'broker' && protocol !== undefined && { [Label.protocol]: protocol }),
    ...profileLabel(resolved.spec),
    ...rememberedLabels(resolved, node),
  });
  frame.setIn(['services', node.service], map);
  for (const { key } of mounts) frame.setIn(['volumes', key], new YAMLMap());
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
    `${formatAddress(node.published ?? node.hostAddress)}:${to}`,
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
