import { describe, expect, it } from 'vitest';
import type { Metadata, PartitionMetadata } from '../../src/clients/protocol/metadata.js';
import { isrLacks } from '../../src/topics/isr.js';

const good = { leader: 1, replicas: [1, 2], isr: [2, 1] };

function view(topics: Record<string, Omit<PartitionMetadata, 'partition'>[]>): Metadata {
  const named = Object.entries(topics).map(([name, partitions]) => ({
    name,
    partitions: partitions.map((each, partition) => ({ ...each, partition })),
  }));
  return { brokers: [], controller: 1, topics: named };
}

describe('partitions', () => {
  const behind = { leader: 1, replicas: [3, 1, 2], isr: [1] };
  const leaderless = { leader: undefined, replicas: [1], isr: [1] };

  it.each<[string, (Metadata | undefined)[], Record<string, number> | undefined, string[]]>([
    [
      'that are led and in sync',
      [view({ a: [good, good] }), view({ a: [good, good] })],
      undefined,
      [],
    ],
    ['of no topic', [view({}), view({})], undefined, []],
    ['that a broker is silent about', [view({}), undefined], undefined, ['b2 does not answer yet']],
    [
      'that lack a leader or replicas, in the words of two brokers',
      [view({ a: [behind, leaderless] }), view({ a: [behind, leaderless] })],
      undefined,
      ['a-0 is not in sync on broker 2, 3', 'a-1 has no leader'],
    ],
    [
      'that one broker has not heard of',
      [view({ a: [good, good] }), view({ a: [good] })],
      undefined,
      ['b2 does not list all of topic a yet'],
    ],
    [
      'that are wanted and not there',
      [view({ a: [good] }), view({ a: [good] })],
      { a: 2, b: 1 },
      [
        'b1 does not list all of topic a yet',
        'b1 does not list all of topic b yet',
        'b2 does not list all of topic a yet',
        'b2 does not list all of topic b yet',
      ],
    ],
    [
      'that are not wanted',
      [view({ a: [good, good], other: [leaderless] }), view({ a: [good] })],
      { a: 1 },
      ['b2 does not list all of topic a yet'],
    ],
    [
      'that are many',
      [view({ a: Array.from({ length: 9 }, () => leaderless) })],
      undefined,
      [
        'a-0 has no leader',
        'a-1 has no leader',
        'a-2 has no leader',
        'a-3 has no leader',
        'a-4 has no leader',
        'and 4 more',
      ],
    ],
  ])('%s', (_name, views, wanted, lacks) => {
    const byAddress = new Map(views.map((each, index) => [`b${index + 1}`, each]));
    expect(isrLacks(byAddress, wanted && new Map(Object.entries(wanted)))).toEqual(lacks);
  });
});

describe('brokers that do not count', () => {
  const without = (partition: Omit<PartitionMetadata, 'partition'>): string[] =>
    isrLacks(new Map([['b1', view({ orders: [partition] })]]), undefined, [3]);

  it('lack nothing, and lead nothing that is missed', () => {
    expect(without({ leader: 1, replicas: [3, 1, 2], isr: [1, 2] })).toEqual([]);
    expect(without({ leader: undefined, replicas: [3, 2], isr: [3] })).toEqual([]);
    expect(without({ leader: 1, replicas: [3, 1, 2], isr: [1] })).toEqual([
      'orders-0 is not in sync on broker 2',
    ]);
  });
});
