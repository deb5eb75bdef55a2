import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../src/topology/address.js';
import { fixedPorts, portSlots, sharedPorts } from '../../src/topology/ports.js';
import { bootstrapServers, portsOnHost, zookeeperConnect } from '../../src/topology/topology.js';
import { resolved, topologyOf } from '../helpers/clusters.js';

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
      { service: 'zookeeper-1', port: 2181 },
      { service: 'broker-1', port: 9092 },
      { service: 'broker-1', port: 29092 },
    ]);
  });
});

describe('topology', () => {
  it('tells clients on the host where to connect', () => {
    const topology = topologyOf({ brokers: 3, zookeepers: 3 });
    expect(bootstrapServers(topology)).toBe('127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094');
    expect(zookeeperConnect(topology)).toBe('127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183');
  });
});
