import { expect, it } from 'vitest';
import type { PartitionMetadata } from '../../src/clients/protocol/metadata.js';
import { leaderLacks } from '../../src/topics/leaders.js';

it.each<[string, Omit<PartitionMetadata, 'partition'>, ReturnType<typeof leaderLacks>]>([
  ['that its preferred leader leads', { leader: 2, replicas: [2, 1], isr: [1, 2] }, []],
  [
    'that another leads',
    { leader: 1, replicas: [2, 1], isr: [1, 2] },
    [{ phrase: 'a-0 is not led by broker 2', electable: { topic: 'a', partition: 0 } }],
  ],
  [
    'that waits for its first leader',
    { leader: undefined, replicas: [2], isr: [2] },
    [{ phrase: 'a-0 is not led by broker 2', electable: { topic: 'a', partition: 0 } }],
  ],
  [
    'whose preferred leader is behind',
    { leader: 1, replicas: [2, 1], isr: [1] },
    [{ phrase: 'a-0 is not in sync on broker 2' }],
  ],
  ['whose preferred leader is away', { leader: 1, replicas: [3, 1], isr: [1] }, []],
  [
    'whose preferred leader is away, and nobody has taken over yet',
    { leader: undefined, replicas: [3, 1], isr: [1] },
    [{ phrase: 'a-0 has no leader' }],
  ],
  ['that only a broker has that is away', { leader: undefined, replicas: [1, 3], isr: [3] }, []],
])('a partition %s', (_, partition, expected) => {
  const address = { host: 'h', port: 1 };
  const brokers = [
    { id: 1, address },
    { id: 2, address },
  ];
  const topics = [{ name: 'a', partitions: [{ partition: 0, ...partition }] }];
  expect(leaderLacks(new Map([['b1', { brokers, controller: 1, topics }]]))).toEqual(expected);
});

it('of a broker that is silent nothing is known', () => {
  expect(leaderLacks(new Map([['b2', undefined]]))).toEqual([{ phrase: 'b2 does not answer yet' }]);
});
