import { describe, expect, it } from 'vitest';
import type { BrokerView } from '../../src/clients/protocol/metadata.js';
import { parseMode, type ZooKeeperMode } from '../../src/clients/srvr.js';
import { brokersLack, zookeepersLack } from '../../src/readiness/readiness.js';
import { hostRoute } from '../../src/readiness/routes.js';
import { topologyOf } from '../helpers/clusters.js';

describe('srvr', () => {
  it.each([
    ['Zookeeper version: 3.8.4\nMode: standalone\nNode count: 5\n', 'standalone'],
    ['Mode: leader\n', 'leader'],
    ['This ZooKeeper instance is not currently serving requests\n', undefined],
    ['', undefined],
  ])('%j says %s', (answer, mode) => {
    expect(parseMode(answer)).toBe(mode);
  });
});

describe('an ensemble', () => {
  it.each<[string, (ZooKeeperMode | undefined)[], string[]]>([
    ['alone and serving', ['standalone'], []],
    ['with a leader', ['follower', 'leader', 'follower'], []],
    ['with a silent member', ['follower', undefined, 'leader'], ['zookeeper-2 does not serve yet']],
    ['without a leader', ['follower', 'follower', 'follower'], ['the ensemble has 0 leaders']],
    ['that is split', ['leader', 'leader', 'follower'], ['the ensemble has 2 leaders']],
    ['of strangers', ['standalone', 'standalone'], ['the ensemble has 2 leaders']],
  ])('%s', (_name, modes, lacks) => {
    const byService = new Map(modes.map((mode, index) => [`zookeeper-${index + 1}`, mode]));
    expect(zookeepersLack(byService)).toEqual(lacks);
  });
});

describe('brokers', () => {
  const topology = topologyOf({ brokers: 2 });
  const all = topology.brokers.map(({ id, hostAddress }) => ({ id, address: hostAddress }));
  const good: BrokerView = { brokers: all, controller: 1 };

  it.each<[string, (BrokerView | undefined)[], string[]]>([
    ['that all list all', [good, good], []],
    [
      'one of which is silent',
      [good, undefined],
      ['broker-2 does not answer on its HOST listener yet'],
    ],
    [
      'one of which has not heard of the other',
      [{ brokers: [all[0]!], controller: 1 }, good],
      ['broker-1 does not list broker-2 yet'],
    ],
    [
      'without metadata',
      [{ brokers: [], controller: undefined }, good],
      ['broker-1 does not list broker-1, broker-2 yet'],
    ],
    [
      'without a controller',
      [good, { brokers: all, controller: undefined }],
      ['broker-2 knows no controller yet'],
    ],
    [
      'with a controller that is gone',
      [{ brokers: all, controller: 9 }, good],
      ['broker-1 knows no controller yet'],
    ],
    [
      'one of which is listed at an address that is not its own',
      [
        { ...good, brokers: [all[0]!, { id: 2, address: { host: 'elsewhere', port: 9093 } }] },
        good,
      ],
      ['broker-1 does not list broker-2 yet'],
    ],
  ])('%s', (_name, views, lacks) => {
    const byService = new Map(views.map((view, index) => [`broker-${index + 1}`, view]));
    expect(brokersLack(topology, byService, hostRoute)).toEqual(lacks);
  });
});
