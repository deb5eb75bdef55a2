import { describe, expect, it } from 'vitest';
import { assertNothingIsLost, assertOurs } from '../../src/cluster/guard.js';
import { planText } from '../../src/cluster/plan-text.js';
import { changesAnything, reconcile } from '../../src/cluster/reconcile.js';
import { startPlan } from '../../src/cluster/start.js';
import {
  joinedBrokers,
  replacedNodes,
  stopPlan,
  teardown,
  undo,
} from '../../src/cluster/teardown.js';
import { KclusterError } from '../../src/errors.js';
import { existingLayer } from '../../src/spec/existing.js';
import { nothing, observedAs, rendered } from '../helpers/clusters.js';

const single = rendered({}).document;

describe('the plan of up', () => {
  it('makes everything where nothing is', () => {
    expect(planText(reconcile(single, nothing('demo')))).toMatchInlineSnapshot(`
      " 1  fetch image zookeeper:3.9.5  (zookeeper-1 runs it)
       1  fetch image confluentinc/cp-kafka:7.9.10  (broker-1 runs it)
       2  create network default  (nodes find each other on it)
       3  create volume zookeeper-1-data  (zookeeper-1 keeps its data there)
       3  create volume zookeeper-1-datalog  (zookeeper-1 keeps its data there)
       4  create volume broker-1-data  (broker-1 keeps its data there)
       5  create zookeeper-1  (zookeeper-1 is not there)
       5  create broker-1  (broker-1 is not there)
       6  start zookeeper-1  (zookeeper-1 is not there)
       7  start broker-1  (broker-1 is not there)
       8  wait for ZooKeeper  (brokers register with an ensemble that serves)
       9  wait for brokers  (the cluster is up when every broker lists every broker)"
    `);
  });

  it('only waits where everything is as it should be', () => {
    const plan = reconcile(single, observedAs('demo', single));
    expect(changesAnything(plan)).toBe(false);
    expect(planText(plan)).toMatchInlineSnapshot(`
      " 1  wait for ZooKeeper  (brokers register with an ensemble that serves)
       2  wait for brokers  (the cluster is up when every broker lists every broker)"
    `);
  });

  it('completes what a run left half made', () => {
    const observed = observedAs('demo', single);
    observed.nodes = observed.nodes.filter(({ service }) => service === 'zookeeper-1');
    expect(planText(reconcile(single, observed))).toMatchInlineSnapshot(`
      " 1  fetch image confluentinc/cp-kafka:7.9.10  (broker-1 runs it)
       2  create broker-1  (broker-1 is not there)
       3  wait for ZooKeeper  (brokers register with an ensemble that serves)
       4  check data of broker-1  (a broker dies on the data of another cluster)
       5  clear /brokers/ids/1  (broker-1 may have been killed before)
       6  start broker-1  (broker-1 is not there)
       7  wait for brokers  (the cluster is up when every broker lists every broker)
       8  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)"
    `);
  });

  it('replaces a node whose definition changed, and no other', () => {
    const observed = observedAs('demo', rendered({ kafkaPort: 19092 }).document);
    expect(planText(reconcile(single, observed))).toMatchInlineSnapshot(`
      " 1  fetch image confluentinc/cp-kafka:7.9.10  (broker-1 runs it)
       2  stop broker-1  (port 19092 -> 9092, KAFKA_ADVERTISED_LISTENERS HOST://127.0.0.1:19092 -> HOST://127.0.0.1:9092)
       3  remove broker-1  (port 19092 -> 9092, KAFKA_ADVERTISED_LISTENERS HOST://127.0.0.1:19092 -> HOST://127.0.0.1:9092)
       4  create broker-1  (broker-1 is replaced)
       5  wait for ZooKeeper  (brokers register with an ensemble that serves)
       6  check data of broker-1  (a broker dies on the data of another cluster)
       7  clear /brokers/ids/1  (broker-1 may have been killed before)
       8  start broker-1  (broker-1 is replaced)
       9  wait for brokers  (the cluster is up when every broker lists every broker)
      10  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)"
    `);
  });

  it('leaves what Compose made as it is, unless something else is asked for', () => {
    const observed = observedAs('demo', single, () => ({ configHash: '' }));
    expect(changesAnything(reconcile(single, observed))).toBe(false);
    const moved = rendered({ kafkaPort: 19092 }).document;
    expect(planText(reconcile(moved, observed))).toContain('remove broker-1');
  });

  it('adds brokers to a cluster', () => {
    const three = rendered({ brokers: 3 }).document;
    const plan = reconcile(three, observedAs('demo', single));
    const created = plan.stages
      .flat()
      .flatMap(({ step }) => (step.kind === 'create-node' ? [step.service] : []));
    expect(created).toEqual(['broker-1', 'broker-2', 'broker-3']);
  });

  it('looks for networks of others before it makes anything', () => {
    const { document } = rendered({ network: ['apps', 'web'] });
    const text = planText(reconcile(document, nothing('demo')));
    expect(text).toMatch(/^ 1 {2}find network apps .*\n 1 {2}find network web .*\n 2 {2}fetch/);
  });

  it('looks for no network where every node runs', () => {
    const { document } = rendered({ network: ['apps'] });
    const plan = reconcile(document, observedAs('demo', document));
    expect(planText(plan)).not.toContain('find');
    expect(changesAnything(plan)).toBe(false);
  });

  it('has no network where nodes share the one of the host', () => {
    const document = rendered({}, 'host').document;
    expect(planText(reconcile(document, nothing('demo')))).not.toContain('network');
  });
});

describe('the plan of start', () => {
  it('starts what is stopped, ZooKeeper first', () => {
    const observed = observedAs('demo', single, () => ({ state: 'exited' }));
    expect(planText(startPlan(observed))).toMatchInlineSnapshot(`
      " 1  check data of zookeeper-1  (a ZooKeeper with the data of another would be a second one of that id)
       2  start zookeeper-1  (zookeeper-1 is exited)
       3  wait for ZooKeeper  (brokers register with an ensemble that serves)
       4  check data of broker-1  (a broker dies on the data of another cluster)
       5  clear /brokers/ids/1  (broker-1 may have been killed before)
       6  start broker-1  (broker-1 is exited)
       7  wait for brokers  (the cluster is up when every broker lists every broker)
       8  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)"
    `);
  });
});

describe('the plan of start on networks of others', () => {
  it('looks for them first', () => {
    const { document } = rendered({ network: ['apps'] });
    const stopped = observedAs('demo', document, () => ({ state: 'exited' }));
    expect(planText(startPlan(stopped))).toMatch(
      /^ 1 {2}find network apps .*\n 2 {2}check data of zoo/,
    );
    expect(planText(startPlan(observedAs('demo', document)))).not.toContain('find');
  });
});

describe('a paused broker', () => {
  it('keeps its registration: its session may be alive', () => {
    const observed = observedAs('demo', single, () => ({ state: 'paused' }));
    for (const plan of [startPlan(observed), reconcile(single, observed)]) {
      expect(planText(plan)).toContain('start broker-1');
      expect(planText(plan)).not.toContain('clear');
    }
  });
});

describe('the plan of stop and down', () => {
  it('stops brokers before ZooKeeper', () => {
    expect(planText(stopPlan(observedAs('demo', single), 'asked'))).toMatchInlineSnapshot(`
      " 1  stop broker-1  (asked)
       2  stop zookeeper-1  (asked)"
    `);
  });

  it('keeps the data, or removes it: of brokers first', () => {
    const observed = observedAs('demo', single);
    const kept = planText(teardown(observed, { volumes: false, cause: 'asked' }));
    expect(kept).not.toContain('volume');
    expect(planText(teardown(observed, { volumes: true, cause: 'asked' }))).toMatchInlineSnapshot(`
      " 1  stop broker-1  (asked)
       2  stop zookeeper-1  (asked)
       3  remove zookeeper-1  (asked)
       3  remove broker-1  (asked)
       4  remove network default  (asked)
       5  remove volume broker-1-data  (asked)
       6  remove volume zookeeper-1-data  (asked)
       6  remove volume zookeeper-1-datalog  (asked)"
    `);
  });

  it.each([true, false])('ends the lease last, also with volumes: %s', (volumes) => {
    const leased = { ...observedAs('demo', single), lease: { until: 1 } };
    const { stages } = teardown(leased, { volumes, cause: 'asked' });
    expect(stages.at(-1)).toEqual([{ step: { kind: 'end-lease' }, cause: 'asked' }]);
    expect(stages.flat().filter(({ step }) => step.kind === 'end-lease')).toHaveLength(1);
  });

  it('ends a lease without a cluster', () => {
    const leased = { ...nothing('demo'), lease: { until: 1 } };
    expect(planText(teardown(leased, { volumes: true, cause: 'asked' }))).toBe(
      ' 1  end the lease  (asked)',
    );
  });

  it('is empty where nothing is', () => {
    expect(teardown(nothing('demo'), { volumes: true, cause: 'asked' }).stages).toEqual([]);
  });
});

describe('the plan that takes a failed run back', () => {
  it('removes all that was made where nothing was', () => {
    expect(planText(undo(nothing('demo'), observedAs('demo', single)))).toMatchInlineSnapshot(`
      " 1  kill zookeeper-1  (this run made it)
       1  kill broker-1  (this run made it)
       2  remove zookeeper-1  (this run made it)
       2  remove broker-1  (this run made it)
       3  remove network default  (this run made it)
       4  remove volume broker-1-data  (this run made it)
       5  remove volume zookeeper-1-data  (this run made it)
       5  remove volume zookeeper-1-datalog  (this run made it)"
    `);
  });

  it('stops, and keeps, what was there before', () => {
    const before = observedAs('demo', single, () => ({ state: 'exited' }));
    expect(planText(undo(before, observedAs('demo', single)))).toMatchInlineSnapshot(`
      " 1  stop broker-1  (this run made it)
       2  stop zookeeper-1  (this run made it)"
    `);
  });

  it('keeps brokers that have joined others, and removes those that never started', () => {
    const before = observedAs('demo', single);
    const now = observedAs('demo', rendered({ brokers: 3 }).document, ({ service }) =>
      service === 'broker-3' ? { state: 'created' } : {},
    );
    expect(joinedBrokers(before, now)).toEqual(['broker-2']);
    expect(planText(undo(before, now))).toMatchInlineSnapshot(`
      " 1  remove broker-3  (this run made it)
       2  remove volume broker-3-data  (this run made it)"
    `);
  });

  it('ends the lease that the run granted, after everything else', () => {
    const now = { ...observedAs('demo', single), lease: { until: 1 } };
    const { stages } = undo(nothing('demo'), now);
    expect(stages.at(-1)?.map(({ step }) => step.kind)).toEqual(['end-lease']);
  });

  it('keeps the lease that the cluster had', () => {
    const before = {
      ...observedAs('demo', single, () => ({ state: 'exited' })),
      lease: { until: 1 },
    };
    const now = { ...observedAs('demo', single), lease: { until: 2 } };
    expect(
      undo(before, now)
        .stages.flat()
        .map(({ step }) => step.kind),
    ).not.toContain('end-lease');
  });

  it('is empty where the run changed nothing', () => {
    const observed = observedAs('demo', single);
    expect(undo(observed, observed).stages).toEqual([]);
  });
});

describe('a node that a failed run was replacing', () => {
  it('is told of: it can not be brought back', () => {
    const before = observedAs('demo', single);
    const now = observedAs('demo', rendered({ kafkaPort: 19092 }).document);
    expect(replacedNodes(before, now)).toEqual(['broker-1']);
    expect(replacedNodes(before, before)).toEqual([]);
  });
});

describe('a Compose project of somebody else', () => {
  it('is not taken for a cluster', () => {
    const foreign = {
      ...nothing('orders'),
      nodes: [{ ...observedAs('orders', single).nodes[0]!, service: 'db', labels: {} }],
      volumes: ['pgdata'],
    };
    expect(() => assertOurs(foreign)).toThrow('is a Compose project that kcluster did not make');
    expect(() => assertOurs(observedAs('demo', single))).not.toThrow();
  });
});

describe('a change that would lose data', () => {
  const conflictOf = (wanted: typeof single, there: ReturnType<typeof observedAs>): string => {
    try {
      assertNothingIsLost(wanted, there);
      return '';
    } catch (error) {
      if (!(error instanceof KclusterError)) throw error;
      expect(error.kind).toBe('conflict');
      expect(error.hints.length).toBeGreaterThan(0);
      return [error.message, ...error.hints].join('\n');
    }
  };

  it('is one with fewer brokers', () => {
    const there = observedAs('demo', rendered({ brokers: 3 }).document);
    expect(conflictOf(single, there)).toMatch(/has broker-2, broker-3, which are not part/);
  });

  it('is one with fewer brokers than there is kept data of', () => {
    const there = { ...observedAs('demo', rendered({ brokers: 3 }).document), nodes: [] };
    expect(conflictOf(single, there)).toMatch(/has broker-2, broker-3/);
  });

  it('is a larger ensemble', () => {
    const wanted = rendered({ zookeepers: 3 }).document;
    expect(conflictOf(wanted, observedAs('demo', single))).toMatch(
      /size can't be changed\n.*`--zookeepers`.*`zookeeper\.servers`.* of the file/,
    );
  });

  it('is a broker with data at a ZooKeeper without', () => {
    const there = { ...nothing('demo'), volumes: ['broker-1-data'] };
    expect(conflictOf(single, there)).toMatch(
      /data of broker-1 is there, but that of ZooKeeper is gone/,
    );
  });

  it('is a broker with data at a ZooKeeper that lost half of it', () => {
    const there = { ...nothing('demo'), volumes: ['zookeeper-1-data', 'broker-1-data'] };
    expect(conflictOf(single, there)).toMatch(/that of ZooKeeper is gone/);
  });

  it.each([
    ['nothing', nothing('demo')],
    ['the cluster itself', observedAs('demo', single)],
    ['half of its volumes', { ...nothing('demo'), volumes: ['zookeeper-1-data'] }],
  ])('is not one where there is %s', (_what, there) => {
    expect(conflictOf(single, there)).toBe('');
  });
});

describe('flags that are not given', () => {
  it('are as the cluster is', () => {
    const there = observedAs(
      'demo',
      rendered({ brokers: 3, zookeepers: 3, kafkaPort: 19092, images: 'local' }).document,
    );
    expect(existingLayer(there, false).tree).toEqual({
      images: 'local',
      ports: 'fixed',
      kafka: { brokers: 3, port: 19092 },
      zookeeper: { servers: 3 },
    });
  });

  it('are as the kept data is', () => {
    const there = { ...observedAs('demo', rendered({ brokers: 3 }).document), nodes: [] };
    expect(existingLayer(there, false).tree).toEqual({
      kafka: { brokers: 3 },
      zookeeper: { servers: 1 },
    });
  });

  it.each([
    ['its first broker', { brokers: 3 }, 'broker-1', { brokers: 3 }, {}],
    ['its only broker', { zookeeperPort: 12181 }, 'broker-1', { brokers: 1 }, { port: 12181 }],
    ['its ZooKeeper', { kafkaPort: 19092 }, 'zookeeper-1', { brokers: 1, port: 19092 }, {}],
  ])('are as the cluster was before it lost %s', (_what, input, lost, kafka, zookeeper) => {
    const there = observedAs('demo', rendered(input).document);
    there.nodes = there.nodes.filter(({ service }) => service !== lost);
    const { tree } = existingLayer(there, false);
    expect(tree['kafka']).toEqual(kafka);
    expect(tree['zookeeper']).toEqual({ servers: 1, ...zookeeper });
  });

  it('count to the highest id, where a killed run left a gap', () => {
    const volumes = ['zookeeper-1-data', 'zookeeper-1-datalog', 'broker-1-data', 'broker-3-data'];
    const { tree } = existingLayer({ ...nothing('demo'), volumes }, false);
    expect(tree).toEqual({ kafka: { brokers: 3 }, zookeeper: { servers: 1 } });
  });

  it('keep what was asked for, each broker its own', () => {
    const input = { brokers: 2, ports: 'auto', set: { 'log.retention.hours': '1' } };
    const { tree } = existingLayer(observedAs('demo', rendered(input).document), false);
    expect(tree).toEqual({
      ports: 'auto',
      kafka: { brokers: 2, settings: { 'log.retention.hours': '1' } },
      zookeeper: { servers: 1 },
    });
  });

  it('are the defaults where nothing is', () => {
    expect(existingLayer(nothing('demo'), false).tree).toEqual({});
  });
});
