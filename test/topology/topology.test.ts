import { describe, expect, it } from 'vitest';
import type { ObservedProject } from '../../src/cluster/observed.js';
import { assertInReach } from '../../src/operations/reach.js';
import { formatAddress, parseAddress } from '../../src/topology/address.js';
import { hostsEntry, layOut } from '../../src/topology/layout.js';
import { placesOf } from '../../src/topology/places.js';
import { fixedPorts, portSlots, sharedPorts } from '../../src/topology/ports.js';
import { nodeLabels, recoverTopology } from '../../src/topology/recover.js';
import {
  bootstrapServers,
  nodesOf,
  portsOnHost,
  zookeeperConnect,
} from '../../src/topology/topology.js';
import { everywhere, resolved, topologyOf } from '../helpers/clusters.js';

describe('addresses', () => {
  it.each(['127.0.0.1:9092', 'broker-1:29092', '[::1]:9092', '[fe80::1%eth0]:1'])(
    'reads back %s',
    (text) => {
      expect(formatAddress(parseAddress(text))).toBe(text);
    },
  );

  it('are of a host without brackets', () => {
    expect(parseAddress('[::1]:9092')).toEqual({ host: '::1', port: 9092 });
  });

  it.each([
    ...['broker-1', ':9092', 'broker-1:', 'broker-1:x', 'broker-1:0', 'broker-1:65536'],
    ...['::1:9092', '[broker-1]:9092', '[]:1', 'a:1,b:2', 'HOST://a:1', 'a b:1', ''],
  ])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow('not HOST:PORT');
  });
});

describe('ports', () => {
  it('count up from the first, and keep their usual distance on a shared interface', () => {
    const slots = portSlots(resolved({ zookeepers: 1, brokers: 2 }).spec, 'host');
    expect(slots.map(({ key, fixed }) => `${key} ${fixed}`)).toEqual([
      'zookeeper-1/client 2181',
      'zookeeper-1/quorum 2888',
      'zookeeper-1/election 3888',
      'broker-1/host 9092',
      'broker-1/internal 29092',
      'broker-2/host 9093',
      'broker-2/internal 29093',
    ]);
  });

  it('stay below 65536', () => {
    const slots = portSlots(resolved({ kafkaPort: 60_000, zookeeperPort: 65_000 }).spec, 'host');
    expect(slots.map(({ fixed }) => fixed)).toEqual([65_000, 64_293, 63_293, 60_000, 40_000]);
  });

  it('are found out when two nodes would share one', () => {
    const { spec } = resolved({ kafkaPort: 2888 });
    const shared = sharedPorts(fixedPorts(portSlots(spec, 'host')));
    expect(shared).toEqual([{ port: 2888, keys: ['zookeeper-1/quorum', 'broker-1/host'] }]);
  });

  it('of a single ZooKeeper on the host are its client port alone', () => {
    expect(portsOnHost(topologyOf({}, 'host'))).toEqual([
      { service: 'zookeeper-1', host: '127.0.0.1', port: 2181 },
      { service: 'broker-1', host: '127.0.0.1', port: 9092 },
      { service: 'broker-1', host: '127.0.0.1', port: 29092 },
    ]);
  });

  it('of listeners for other places are on the addresses asked for', () => {
    expect(portsOnHost(topologyOf(everywhere)).slice(1)).toEqual([
      { service: 'broker-1', host: '127.0.0.1', port: 9092 },
      { service: 'broker-1', host: '172.17.0.1', port: 9192 },
      { service: 'broker-1', host: '0.0.0.0', port: 9292 },
    ]);
  });
});

describe('an engine on another machine', () => {
  const { spec } = resolved({ brokers: 2, advertise: 'docker', bind: '172.18.0.2' });
  const ports = fixedPorts(portSlots(spec, 'bridge', true));
  const topology = layOut(spec, 'bridge', ports, true);

  it('has one listener for clients of every machine, where it is asked for', () => {
    const broker = { host: 'docker', port: 9093 };
    expect(topology.brokers[1]).toMatchObject({
      hostAddress: broker,
      published: { ...broker, host: '172.18.0.2' },
      listeners: [],
    });
    expect(zookeeperConnect(topology)).toBe('docker:2181');
    const places = placesOf(topology).filter(({ listener }) => listener === 'HOST');
    expect(places.map(({ from, bootstrapServers }) => [from, bootstrapServers])).toEqual([
      ['host', 'docker:9092,docker:9093'],
      ['machine', 'docker:9092,docker:9093'],
    ]);
  });

  it('is read back from labels', () => {
    for (const node of nodesOf(topology)) {
      const labels = nodeLabels(node, topology);
      const observed = observedAlone(node.service, labels);
      expect(nodesOf(recoverTopology(observed))).toEqual([node]);
      expect(() => assertInReach(elsewhere, observed)).not.toThrow();
    }
  });

  it('has nothing on its loopback interface that this machine could reach', () => {
    const local = topologyOf({});
    const labels = nodeLabels(local.brokers[0]!, local);
    const observed = observedAlone('broker-1', labels);
    expect(() => assertInReach({ name: 'docker' }, observed)).not.toThrow();
    expect(() => assertInReach(elsewhere, observed)).toThrow(
      'loopback interface of another machine',
    );
  });
});

const elsewhere = { name: 'docker', elsewhere: { name: 'docker' } } as const;

function observedAlone(service: string, labels: Record<string, string>): ObservedProject {
  const node = {
    service,
    labels,
    state: 'running',
    handle: '',
    image: '',
    configHash: '',
  } as const;
  return { project: 'kcluster', networks: ['default'], volumes: [], nodes: [node] };
}

describe('names', () => {
  it('are those of services', () => {
    expect(topologyOf({}).brokers[0]!.networkAddress.host).toBe('broker-1');
  });

  it('are nobody elses where networks are joined', () => {
    const [broker] = topologyOf(everywhere).brokers;
    expect(broker!.networkAddress.host).toBe('broker-1.kcluster');
    expect(broker!.listeners[0]!.advertised).toEqual({ host: 'kcluster-broker-1', port: 29093 });
  });

  it.each([
    ['172.17.0.1', 'host.docker.internal:172.17.0.1'],
    ['0.0.0.0', 'host.docker.internal:host-gateway'],
    ['127.0.0.1', 'host.docker.internal:host-gateway'],
  ])('of the host, bound on %s, is %s to containers', (dockerHost, entry) => {
    const [listener] = topologyOf({ dockerHost }).brokers[0]!.listeners;
    expect(hostsEntry(listener!)).toBe(entry);
  });
});

describe('places', () => {
  it('are the host alone for local processes', () => {
    expect(placesOf(topologyOf({}, 'host')).map(({ from }) => from)).toEqual(['host']);
  });

  it('each have a listener, and ZooKeeper where it is in reach', () => {
    expect(placesOf(topologyOf({ ...everywhere, brokers: 2 }))).toMatchInlineSnapshot(`
      [
        {
          "bootstrapServers": "127.0.0.1:9092,127.0.0.1:9093",
          "clients": "this machine",
          "from": "host",
          "listener": "HOST",
          "zookeeperConnect": "127.0.0.1:2181",
        },
        {
          "bootstrapServers": "broker-1.kcluster:29092,broker-2.kcluster:29092",
          "clients": "containers on the network kcluster_default",
          "from": "network",
          "listener": "INTERNAL",
          "zookeeperConnect": "zookeeper-1.kcluster:2181",
        },
        {
          "bootstrapServers": "kcluster-broker-1:29093,kcluster-broker-2:29093",
          "clients": "containers on the network apps",
          "from": "joined",
          "listener": "JOINED",
          "zookeeperConnect": "kcluster-zookeeper-1:2181",
        },
        {
          "bootstrapServers": "host.docker.internal:9192,host.docker.internal:9193",
          "clients": "containers, by way of the host",
          "from": "docker-host",
          "listener": "DOCKERHOST",
        },
        {
          "bootstrapServers": "kafka.lan:9292,kafka.lan:9293",
          "clients": "other machines",
          "from": "machine",
          "listener": "EXTERNAL",
        },
      ]
    `);
  });
});

describe('topology', () => {
  it('tells clients on the host where to connect', () => {
    const topology = topologyOf({ brokers: 3, zookeepers: 3 });
    expect(bootstrapServers(topology)).toBe('127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094');
    expect(zookeeperConnect(topology)).toBe('127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183');
  });
});
