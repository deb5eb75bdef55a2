import { describe, expect, it } from 'vitest';
import {
  assertBrokerData,
  assertZooKeeperData,
  dataFiles,
  type FoundData,
} from '../../src/cluster/own-data.js';
import { KclusterError } from '../../src/errors.js';

/** As Kafka writes it. */
const meta = (cluster: string, broker: number): string =>
  `#\n#Sat Jan 01 00:00:00 UTC 2028\nbroker.id=${broker}\nversion=0\ncluster.id=${cluster}\n`;

function found(id: number, content: string): FoundData {
  const service = `broker-${id}`;
  const volume = `${service}-data`;
  return { service, id, volume, path: '/var/lib/kafka/data/meta.properties', content };
}

function refusal(check: () => void): KclusterError | undefined {
  try {
    check();
  } catch (error) {
    expect(error).toBeInstanceOf(KclusterError);
    return error as KclusterError;
  }
  return undefined;
}

describe('data of brokers', () => {
  const check = (files: FoundData[], clusterId: string | undefined) =>
    refusal(() => assertBrokerData('demo', files, clusterId));

  it('is taken where it belongs', () => {
    expect(check([found(1, meta('A', 1)), found(2, meta('A', 2))], 'A')).toBeUndefined();
    expect(check([], undefined)).toBeUndefined();
  });

  it('is taken of a Kafka that has written no cluster id yet', () => {
    expect(check([found(1, 'broker.id=1\nversion=0\n')], 'A')).toBeUndefined();
  });

  it.each([
    [
      'another cluster',
      meta('B', 1),
      'A',
      'volume broker-1-data is of cluster B, ZooKeeper of cluster A',
    ],
    [
      'a ZooKeeper that is gone',
      meta('B', 1),
      undefined,
      'volume broker-1-data is of cluster B, and ZooKeeper knows no cluster',
    ],
    ['another broker', meta('A', 2), 'A', 'volume broker-1-data is of broker 2, not of broker 1'],
  ])('is refused of %s', (_what, content, clusterId, message) => {
    expect(check([found(1, content)], clusterId)).toMatchObject({ kind: 'conflict', message });
  });

  it('is refused with every volume that does not belong', () => {
    const failure = check(
      [found(1, meta('B', 1)), found(2, meta('A', 2)), found(3, meta('C', 3))],
      'A',
    );
    expect(failure?.details).toEqual([
      'volume broker-1-data is of cluster B, ZooKeeper of cluster A',
      'volume broker-3-data is of cluster C, ZooKeeper of cluster A',
    ]);
  });
});

describe('data of ZooKeepers', () => {
  it('is that of the member', () => {
    expect(refusal(() => assertZooKeeperData('demo', [found(1, '1\n')]))).toBeUndefined();
    expect(refusal(() => assertZooKeeperData('demo', [found(1, '2')]))?.message).toContain(
      'is of ZooKeeper 2, not of ZooKeeper 1',
    );
  });
});

describe('the places of data', () => {
  it('are the mount, and directories below it that images use', () => {
    const node = { service: 'broker-3', id: 3, volumes: ['broker-3-data:/kafka'] };
    expect(dataFiles('broker', node).map(({ path }) => path)).toEqual([
      '/kafka/meta.properties',
      '/kafka/data/meta.properties',
      '/kafka/3/meta.properties',
    ]);
  });
});
