import { describe, expect, it } from 'vitest';
import type { DeclaredTopic } from '../../src/topics/declared.js';
import { changeWords, diffTopics } from '../../src/topics/diff.js';
import type { TopicsState, TopicThere } from '../../src/topics/state.js';

const there = (name: string, replicas: number[][], over: Partial<TopicThere> = {}): TopicThere => ({
  partitions: replicas.map((each, partition) => ({ topic: name, partition, replicas: each })),
  config: {},
  hasRecords: false,
  ...over,
});

/** A cluster of three brokers with these topics. */
function stateOf(topics: Record<string, TopicThere>): TopicsState {
  return {
    hosts: [1, 2, 3].map((id) => ({ id, address: { host: 'b', port: id } })),
    partitions: Object.values(topics).flatMap(({ partitions }) => partitions),
    topics: new Map(Object.entries(topics)),
  };
}

/** Compares where the brokers take everything, and write it as it is declared. */
function diff(
  declared: DeclaredTopic[],
  topics: Record<string, TopicThere> = {},
  problems: Record<string, string[]> = {},
) {
  const validated = declared.map(
    ({ name, config }) => [name, { problems: problems[name] ?? [], config }] as const,
  );
  return diffTopics(declared, stateOf(topics), new Map(validated));
}

describe('declared topics and what is there', () => {
  it('are alike', () => {
    const config = { 'retention.ms': '5' };
    expect(
      diff(
        [
          { name: 'a', partitions: 2, replication: 1, config, seed: '/a' },
          { name: 'b', config: {} },
        ],
        { a: there('a', [[1], [2]], { config, hasRecords: true }), b: there('b', [[1, 2]]) },
      ),
    ).toEqual({
      plan: { changes: [], notices: [] },
      refusals: { invalid: [], losing: [] },
    });
  });

  it('differ: each change with its cause, in the order in which they can be made', () => {
    const { plan } = diff(
      [
        { name: 'a', partitions: 3, replication: 2, config: { x: '2', y: '1' }, seed: '/a.txt' },
        { name: 'b', replication: 2, config: {}, seed: '/b.txt' },
      ],
      { a: there('a', [[1], [2]], { config: { x: '1', z: '9' } }) },
    );
    expect(plan.changes.map(({ kind, cause }) => `${kind}: ${cause}`)).toEqual([
      'create-topic: topic b is not there',
      'set-config: x of topic a is "1", "2" is declared',
      'set-config: y of topic a is not set, "1" is declared',
      'change-replication: a-0 has 1 replica, 2 declared',
      'add-partitions: topic a has 2 partitions, 3 declared',
      'seed: topic a holds no record',
      'seed: topic b holds no record',
    ]);
    expect(plan.notices).toEqual(['topic a has z="9", which is not declared; it is left as it is']);
    expect(plan.changes.map(changeWords)).toEqual([
      'topic b created',
      'topic a has x="2"',
      'topic a has y="1"',
      'topic a has 2 replicas',
      'topic a has 3 partitions',
      'topic a filled from /a.txt',
      'topic b filled from /b.txt',
    ]);
  });

  it('share the brokers between the topics that get more replicas', () => {
    const grown = (name: string): DeclaredTopic => ({ name, replication: 2, config: {} });
    const { plan } = diff([grown('a'), grown('b')], { a: there('a', [[1]]), b: there('b', [[1]]) });
    const targets = plan.changes.flatMap((change) =>
      change.kind === 'change-replication' ? change.moves.map(({ to }) => to) : [],
    );
    expect(targets).toEqual([
      [1, 2],
      [1, 3],
    ]);
  });

  it('are refused where partitions would be lost, and where the brokers refuse, all at once', () => {
    const { refusals } = diff(
      [
        { name: 'a', partitions: 1, config: {} },
        { name: 'b', config: {} },
        { name: 'c', partitions: 1, config: {} },
      ],
      { a: there('a', [[1], [2]]), c: there('c', [[1], [2], [3]]) },
      { b: ['first', 'second'], c: ['third'] },
    );
    expect(refusals).toEqual({
      invalid: ['topic b: first', 'topic b: second', 'topic c: third'],
      losing: [
        "topic a has 2 partitions, and Kafka can't take any away; 1 declared",
        "topic c has 3 partitions, and Kafka can't take any away; 1 declared",
      ],
    });
  });
});
