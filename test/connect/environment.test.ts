import { describe, expect, it } from 'vitest';
import { asMade } from '../../src/cluster/as-made.js';
import { environmentOf } from '../../src/operations/environment.js';
import { observedAs, everywhere, rendered } from '../helpers/clusters.js';

const two = rendered({ ...everywhere, brokers: 2, zookeepers: 2, evenEnsemble: true }).document;

describe('the environment of a program beside a cluster', () => {
  it('has its addresses by every name', () => {
    const { document } = rendered({ brokers: 2, zookeepers: 3, images: 'local' }, 'host');
    const kafka = '127.0.0.1:9092,127.0.0.1:9093';
    const zookeeper = '127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183';
    expect(environmentOf('process', asMade('orders', document))).toEqual({
      KCLUSTER_NAME: 'orders',
      KCLUSTER_ENGINE: 'process',
      KAFKA_BOOTSTRAP_SERVERS: kafka,
      BOOTSTRAP_SERVERS: kafka,
      KAFKA_BROKERS: kafka,
      SPRING_KAFKA_BOOTSTRAP_SERVERS: kafka,
      SPRING_EMBEDDED_KAFKA_BROKERS: kafka,
      EMBEDDED_KAFKA_BROKERLIST: kafka,
      BROKERS: kafka,
      KAFKA_HOST: kafka,
      KAFKA_PEERS: kafka,
      KGO_SEEDS: kafka,
      RPK_BROKERS: kafka,
      KAFKA_URI: 'kafka://127.0.0.1:9092',
      ZOOKEEPER_CONNECT: zookeeper,
      ZK_ADDRESS: zookeeper,
      SPRING_EMBEDDED_ZOOKEEPER_CONNECT: zookeeper,
      EMBEDDED_ZOOKEEPER_ZOOKEEPERCONNECT: zookeeper,
      ZOOKEEPER_URI: 'zookeeper://127.0.0.1:2181',
      KAFKA_VERSION: '3.9.2',
      TEST_KAFKA_VERSION: '3.9.2',
    });
  });

  it('has those of the place where the program runs', () => {
    const observed = asMade('kcluster', two);
    expect(environmentOf('docker', observed, 'network')).toMatchObject({
      KAFKA_BOOTSTRAP_SERVERS: 'broker-1.kcluster:29092,broker-2.kcluster:29092',
      ZOOKEEPER_CONNECT: 'zookeeper-1.kcluster:2181,zookeeper-2.kcluster:2181',
    });
  });

  it('has no name for a ZooKeeper that is out of reach there', () => {
    const variables = environmentOf('docker', asMade('kcluster', two), 'docker-host');
    expect(variables['KAFKA_BOOTSTRAP_SERVERS']).toMatch(/^host\.docker\.internal:/);
    expect(Object.keys(variables).filter((name) => /ZOOKEEPER|ZK/.test(name))).toEqual([]);
  });

  it('has the oldest version during an upgrade, and none where an image does not tell it', () => {
    const withImages = (first: string, second: string) =>
      observedAs('kcluster', two, ({ service }) => {
        if (service === 'broker-1') return { image: first };
        return service === 'broker-2' ? { image: second } : {};
      });
    const versionOf = (first: string, second: string): string | undefined =>
      environmentOf('docker', withImages(first, second))['KAFKA_VERSION'];
    expect(versionOf('kcluster/kafka:3.9.2', 'kcluster/kafka:3.8.1')).toBe('3.8.1');
    expect(versionOf('apache/kafka:3.9.2', 'my/broker:1')).toBeUndefined();
  });

  it('is refused for a place that the cluster has no listener for', () => {
    const observed = asMade('kcluster', rendered({}).document);
    expect(() => environmentOf('docker', observed, 'machine')).toThrow(
      'cluster "kcluster" has no listener for --from machine',
    );
  });
});
