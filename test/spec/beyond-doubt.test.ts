import { describe, expect, it } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import { imageRules } from '../../src/images/choice.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { fileLayer } from '../../src/spec/yaml-file.js';

/** The keys that the problems of a file are about, each with the beginning of what is wrong. */
function problemsOf(lines: readonly string[]): string[] {
  try {
    resolveSpec([fileLayer('k', lines.join('\n'), {})], imageRules);
    return [];
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    return error.details.flatMap((line) => /^k:\d+:\d+: (\S+: \S+ \S+)/.exec(line)?.[1] ?? []);
  }
}

describe('beside a value that is wrong', () => {
  it('what is wrong across other values is told in the same go', () => {
    const file = [
      'zookeeper: {servers: 4, heap: lots}',
      'kafka: {brokers: 2, image: apache/kafka:latest, perBroker: {3: {}}}',
      'topics: {orders: {replication: 3}}',
      'listeners: {bind: 0.0.0.0, networks: [bridge]}',
    ];
    expect(problemsOf(file)).toEqual([
      'zookeeper.servers: an ensemble',
      'zookeeper.heap: a heap',
      'kafka.image: apache/kafka:latest: the',
      'kafka.perBroker[3]: there is',
      'topics.orders.replication: 3 replicas',
      'listeners.bind: needs --advertise',
      'listeners.networks[0]: on the',
    ]);
  });

  it.each<[what: string, lines: string[], told: string[]]>([
    [
      'a wrong value is not judged by',
      ['kafka: {brokers: many, perBroker: {3: {}}}', 'topics: {orders: {replication: 3}}'],
      ['kafka.brokers: the number'],
    ],
    [
      'a value that could not be filled in is not judged by',
      ['kafka: {brokers: "${MANY}"}', 'topics: {orders: {replication: 3}}'],
      ['kafka.brokers: $MANY is'],
    ],
    [
      'the default of a key that may be misspelt is not judged by',
      ['kafka: {brokrs: 3}', 'topics: {orders: {replication: 3}}'],
      ['kafka.brokrs: there is'],
    ],
    [
      'the defaults of a section that may be misspelt are not judged by',
      ['kafak: {brokers: 3}', 'topics: {orders: {replication: 3}}', 'zookeeper: {servers: 2}'],
      ['kafak: there is', 'zookeeper.servers: an ensemble'],
    ],
    [
      'what is said beside an unknown key is judged by',
      ['kafka: {brokers: 2, hep: 1g}', 'topics: {orders: {replication: 3}}'],
      ['kafka.hep: there is', 'topics.orders.replication: 3 replicas'],
    ],
    [
      'the items of a list keep their places:',
      ['listeners: {networks: ["a b", bridge]}', 'zookeeper: {servers: 2}'],
      ['listeners.networks[0]: a network', 'zookeeper.servers: an ensemble'],
    ],
    [
      'a section that is no map is not judged by',
      ['kafka: 3', 'topics: {orders: {replication: 3}}', 'zookeeper: {servers: 2}'],
      ['kafka: a map', 'zookeeper.servers: an ensemble'],
    ],
  ])('%s', (_what, lines, told) => {
    const all = problemsOf(lines);
    expect(all.toSorted()).toEqual(told.toSorted());
  });
});
