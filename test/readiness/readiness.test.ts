import { describe, expect, it } from 'vitest';
import type { ObservedNode } from '../../src/cluster/observed.js';
import type { BrokerView } from '../../src/clients/protocol/metadata.js';
import { parseMode, type ZooKeeperMode } from '../../src/clients/srvr.js';
import { brokersLack, deadNode, nodesLack, zookeepersLack } from '../../src/readiness/readiness.js';
import { hostRoute } from '../../src/readiness/routes.js';
import { nothing, observedAs, rendered, topologyOf } from '../helpers/clusters.js';

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

type Fate = Partial<ObservedNode>;

const running: Fate = { state: 'running' };
const created: Fate = { state: 'created' };
const exited = (exitCode?: number): Fate => ({
  state: 'exited',
  ...(exitCode !== undefined && { exitCode }),
});

/** One ZooKeeper and one broker, to which this has happened. */
function observed(zookeeper: Fate, broker: Fate) {
  const fates: Record<string, Fate> = { 'zookeeper-1': zookeeper, 'broker-1': broker };
  return observedAs('orders', rendered({}).document, ({ service }) => fates[service]!);
}

describe('nodes', () => {
  const both = observed(running, running);
  const only = (service: string) => both.nodes.filter((node) => node.service === service);

  it.each([
    ['none', nothing('orders'), ['cluster "orders" is not there yet']],
    ['data alone', { ...both, nodes: [] }, ['cluster "orders" is not there yet']],
    ['all that run', both, []],
    ['one that does not run yet', observed(running, created), ['broker-1 is created']],
    [
      'no broker yet',
      { ...both, volumes: [], nodes: only('zookeeper-1') },
      ['there is no broker yet'],
    ],
    [
      'no ZooKeeper, but its data',
      { ...both, nodes: only('broker-1') },
      ['there is no zookeeper yet', 'zookeeper-1 is not there, but its data is'],
    ],
  ])('%s lack', (_name, project, lacks) => {
    expect(nodesLack(project)).toEqual(lacks);
  });

  it.each<[string, ReturnType<typeof observed>, string[], string | undefined]>([
    ['that run', observed(running, running), ['broker-1'], undefined],
    ['one of which ended after it was seen', observed(running, exited()), ['broker-1'], 'broker-1'],
    [
      'that ended after they were seen',
      observed(exited(143), exited(143)),
      ['zookeeper-1'],
      'zookeeper-1',
    ],
    ['one of which ended by itself before', observed(running, exited(1)), [], 'broker-1'],
    ['the first of which ended by itself', observed(exited(1), created), [], 'zookeeper-1'],
    ['one of which was stopped before', observed(running, exited(143)), [], undefined],
    ['one of which was killed before', observed(running, exited(137)), [], undefined],
    ['one of which nobody knows how it ended', observed(running, exited()), [], undefined],
    ['of a stopped cluster', observed(exited(143), exited(1)), [], undefined],
  ])('%s: who has died', (_name, project, ran, dead) => {
    expect(deadNode(project, new Set(ran))?.service).toBe(dead);
  });
});
