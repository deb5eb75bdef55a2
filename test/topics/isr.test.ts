import { describe, expect, it } from 'vitest';
import type { Metadata, PartitionMetadata } from '../../src/clients/protocol/metadata.js';
import { isrLacks } from '../../src/topics/isr.js';

function lacks(partition: Omit<PartitionMetadata, 'partition'>, without: number[] = []): string[] {
  const metadata: Metadata = {
    brokers: [],
    controller: 1,
    topics: [{ name: 'orders', partitions: [{ partition: 0, ...partition }] }],
  };
  return isrLacks(new Map([['127.0.0.1:9092', metadata]]), undefined, without);
}

describe('what a partition lacks', () => {
  it('is nothing when every replica is in sync', () => {
    expect(lacks({ leader: 1, replicas: [1, 2], isr: [2, 1] })).toEqual([]);
  });

  it('is a leader, or replicas in sync', () => {
    expect(lacks({ leader: undefined, replicas: [1], isr: [1] })).toEqual([
      'orders-0 has no leader',
    ]);
    expect(lacks({ leader: 1, replicas: [3, 1, 2], isr: [1] })).toEqual([
      'orders-0 is not in sync on broker 2, 3',
    ]);
  });

  it('is not what brokers have that do not count', () => {
    expect(lacks({ leader: 1, replicas: [3, 1, 2], isr: [1, 2] }, [3])).toEqual([]);
    expect(lacks({ leader: undefined, replicas: [3, 2], isr: [3] }, [3])).toEqual([]);
    expect(lacks({ leader: 1, replicas: [3, 1, 2], isr: [1] }, [3])).toEqual([
      'orders-0 is not in sync on broker 2',
    ]);
  });
});
