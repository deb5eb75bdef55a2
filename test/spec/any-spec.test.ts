import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parsePort, parseVolume, type ComposeDocument } from '../../src/compose/document.js';
import { renderDocument } from '../../src/compose/render.js';
import { clusterSetups, setupProblems } from '../../src/compose/setups.js';
import { clusterImages } from '../../src/images/choice.js';
import { kafkaProperties } from '../../src/images/environment.js';
import { simpleLayer } from '../../src/spec/layer.js';
import type { SpecTree } from '../../src/spec/path.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { specKeys } from '../../src/spec/schema-walk.js';
import type { ClusterSpec } from '../../src/spec/schema.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { parseAddress } from '../../src/topology/address.js';
import { joinedAlias, layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots, sharedPorts } from '../../src/topology/ports.js';
import { recoverPorts, recoverTopology } from '../../src/topology/recover.js';
import { nodesOf, portsOnHost, type Network } from '../../src/topology/topology.js';
import { anySpec } from '../helpers/any-spec.js';
import { observedAs } from '../helpers/clusters.js';

describe('any specification that can be made', () => {
  it('has, now and then, every key of the schema', () => {
    const seen = new Set(fc.sample(anySpec, 100).flatMap(keysIn));
    const known = new Set(specKeys().flatMap(({ path }) => path.filter((key) => key !== '*')));
    expect([...known].filter((key) => !seen.has(key))).toEqual([]);
  });

  it('is the same from a file', () => {
    fc.assert(
      fc.property(anySpec, (tree) => {
        // Its dollar signs begin no variables.
        const text = stringify(tree).replaceAll('$', '$$$$');
        const { spec } = resolveSpec([fileLayer('kcluster.yaml', text, {})]);
        expect(spec).toEqual(resolveSpec([simpleLayer('file', tree, 'test')]).spec);
      }),
    );
  });

  describe.each(['bridge', 'host'] as const)('on a %s network', (network) => {
    it('is a document whose parts fit together, and which can be read back', () => {
      fc.assert(
        fc.property(anySpec, (tree) => {
          const cluster = drawn(tree, network);
          expectNodes(cluster);
          expectEnsemble(cluster);
          for (const { service } of cluster.topology.brokers) expectListeners(cluster, service);
          expectPorts(cluster);
          expectRecovered(cluster);
        }),
        { numRuns: 60 },
      );
    }, 60_000);
  });
});

interface Drawn {
  spec: ClusterSpec;
  topology: ReturnType<typeof layOut>;
  document: ComposeDocument;
  ports: ReadonlyMap<string, number>;
}

/** A specification as a document of images that share one environment rule; where ports are chosen, they are any. */
function drawn(tree: SpecTree, network: Network): Drawn {
  const forHost = {
    images: 'local',
    listeners: { ...(tree['listeners'] as object), networks: [] },
  };
  const forBridge = { images: tree['images'] === 'local' ? 'local' : 'published' };
  const fitting = { ...tree, ...(network === 'host' ? forHost : forBridge) };
  const resolved = resolveSpec([simpleLayer('file', fitting, 'test')]);
  const { spec } = resolved;
  const slots = portSlots(spec, network);
  const chosen = new Map(slots.map(({ key }, index) => [key, 40_000 + index]));
  const ports = spec.ports === 'fixed' ? fixedPorts(slots) : chosen;
  // The one thing that is drawn and can't be made: see engine-rules.test.ts.
  fc.pre(sharedPorts(ports).length === 0);
  const topology = layOut(spec, network, ports);
  const setups = clusterSetups(resolved, topology, clusterImages(resolved));
  // These images can be told all that is drawn.
  expect(setupProblems(setups)).toEqual([]);
  const { document } = renderDocument(setups);
  return { spec, topology, document, ports };
}

function expectNodes({ spec, topology, document }: Drawn): void {
  const services = Object.entries(document.services);
  const { servers, observers } = spec.zookeeper;
  const count = servers + observers + spec.kafka.brokers;
  expect(new Set(nodesOf(topology).map(({ service }) => service)).size).toBe(count);
  expect(services.map(([name]) => name)).toEqual(nodesOf(topology).map(({ service }) => service));
  const mounts = services.flatMap(([, { volumes = [] }]) =>
    volumes.map((each) => parseVolume(each)),
  );
  expect(mounts.map(({ volume }) => volume)).toEqual(document.volumes);
  expect(new Set(document.volumes).size).toBe(document.volumes.length);
  for (const name of ['KAFKA_BROKER_ID', 'ZOO_MY_ID']) {
    const ids = services.flatMap(([, { environment }]) => environment[name] ?? []);
    expect(ids).toEqual(ids.map((_, index) => String(index + 1)));
  }
  for (const [name, { depends_on: before = [], hostname = name }] of services) {
    expect(hostname).toBe(name);
    for (const other of before) expect(document.services).toHaveProperty([other]);
  }
}

/** By which other nodes resolve it: that of the service, or one that no joined network can have twice. */
function nameOnNetwork({ services }: ComposeDocument, service: string): string {
  return services[service]!.networks?.['default']?.aliases?.[0] ?? service;
}

/** `server.1=zookeeper-1:2888:3888:observer;127.0.0.1:2181` */
const serverLine = /^server\.(\d+)=([^:]+):(\d+):(\d+)(:observer)?;(?:([^:]+):)?(\d+)$/;

function expectEnsemble({ spec, topology, document }: Drawn): void {
  const services = Object.entries(document.services);
  const lists = new Set(
    services.flatMap(([, { environment }]) => environment['ZOO_SERVERS'] ?? []),
  );
  expect(lists.size).toBe(1);
  const lines = [...lists][0]!.split(' ').map((line) => serverLine.exec(line)!.slice(1));
  const isBridge = topology.network === 'bridge';
  const clients = lines.map(([id, host, quorum, election, observer, clientHost, client]) => {
    expect(observer !== undefined).toBe(Number(id) > spec.zookeeper.servers);
    expect(new Set([quorum, election, client]).size).toBe(3);
    expect([host, clientHost]).toEqual(
      isBridge
        ? [nameOnNetwork(document, `zookeeper-${id}`), undefined]
        : ['127.0.0.1', '127.0.0.1'],
    );
    return `${host}:${client}`;
  });
  expect(lines.map(([id]) => Number(id))).toEqual(topology.zookeepers.map(({ id }) => id));
  for (const { service } of topology.brokers) {
    const { environment, depends_on: before } = document.services[service]!;
    expect(environment['KAFKA_ZOOKEEPER_CONNECT']!.split(',')).toEqual(clients);
    expect(before).toEqual(topology.zookeepers.map((node) => node.service));
  }
  for (const { service, hostAddress } of topology.zookeepers) {
    const published = document.services[service]!.ports?.map(parsePort);
    const mapping = { hostIp: '127.0.0.1', hostPort: hostAddress.port, containerPort: 2181 };
    expect(published).toEqual(isBridge ? [mapping] : undefined);
  }
}

function expectListeners({ spec, topology, document }: Drawn, service: string): void {
  const { environment, ports = [], networks = {} } = document.services[service]!;
  const properties = kafkaProperties(environment);
  const binds = listenersOf(properties.get('listeners')!);
  const advertised = listenersOf(properties.get('advertised.listeners')!);
  const names = [...binds.keys()];
  expect([...advertised.keys()]).toEqual(names);
  expect(properties.get('listener.security.protocol.map')!.split(',')).toEqual(
    names.map((name) => `${name}:PLAINTEXT`),
  );
  expect(names).toContain(properties.get('inter.broker.listener.name'));
  expect(new Set([...binds.values()].map(portOf)).size).toBe(names.length);

  const { dockerHost, bind: external, networks: joined } = spec.listeners;
  const isBridge = topology.network === 'bridge';
  const onHost = new Map([
    ['HOST', '127.0.0.1'],
    ['DOCKERHOST', dockerHost],
    ['EXTERNAL', external],
  ]);
  const published = names.flatMap((name) => {
    const { host, port } = parseAddress(advertised.get(name)!);
    const bind = binds.get(name)!;
    const address = onHost.get(name);
    if (!isBridge) expect(bind).toBe(`${address ?? '127.0.0.1'}:${port}`);
    else if (address === undefined) expect(port).toBe(portOf(bind));
    if (name === 'INTERNAL')
      expect(host).toBe(isBridge ? nameOnNetwork(document, service) : '127.0.0.1');
    if (name === 'JOINED') expect(host).toBe(joinedAlias(topology.project, service));
    return address === undefined ? [] : [`${address}:${port}:${portOf(bind)}`];
  });
  expect(ports).toEqual(isBridge ? published : []);
  for (const network of joined)
    expect(networks[network]?.aliases).toEqual([joinedAlias(topology.project, service)]);
}

/** Of all nodes no two take the same, and those that containers publish are those. */
function expectPorts({ topology, document }: Drawn): void {
  const taken = portsOnHost(topology).map(({ port }) => port);
  expect(new Set(taken).size).toBe(taken.length);
  const published = Object.values(document.services).flatMap(({ ports = [] }) =>
    ports.map(parsePort),
  );
  if (topology.network === 'bridge')
    expect(published.map(({ hostPort }) => hostPort).toSorted()).toEqual(taken.toSorted());
}

function expectRecovered({ topology, document, ports }: Drawn): void {
  const observed = observedAs(topology.project, document);
  observed.nodes.reverse();
  expect(recoverTopology(observed)).toEqual(topology);
  const held = recoverPorts(recoverTopology(observed));
  for (const [key, port] of ports) expect(held.get(key)).toBe(port);
}

/** `HOST://:9092,INTERNAL://broker-1:29092` by name. */
function listenersOf(text: string): Map<string, string> {
  return new Map(text.split(',').map((each) => each.split('://') as [string, string]));
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

function keysIn(tree: SpecTree): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? [key, ...keysIn(value as SpecTree)] : [key],
  );
}
