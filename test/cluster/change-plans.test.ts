import { describe, expect, it } from 'vitest';
import { planText } from '../../src/cluster/plan-text.js';
import { changesAnything } from '../../src/cluster/reconcile.js';
import { restartPlan, rollingRestartPlan } from '../../src/cluster/restart.js';
import { revivePlan } from '../../src/cluster/revive.js';
import { rollPlan } from '../../src/cluster/roll.js';
import { leavingBrokers, scalePlan } from '../../src/cluster/scale.js';
import { upgradePlan } from '../../src/cluster/upgrade.js';
import type { ObservedProject } from '../../src/cluster/observed.js';
import type { Plan } from '../../src/cluster/plan.js';
import type { ShapeOptions } from '../../src/spec/flags.js';
import { observedAs, rendered } from '../helpers/clusters.js';

const document = (shape: ShapeOptions) => rendered(shape).document;
const running = (shape: ShapeOptions): ObservedProject => observedAs('demo', document(shape));

/** The order in which nodes go and come, without what is waited for. */
function turns({ stages }: Plan): string[] {
  return stages
    .flat()
    .flatMap(({ step }) => ('service' in step ? [`${step.kind} ${step.service}`] : []));
}

describe('the plan of a change while the cluster serves', () => {
  const three = { brokers: 3, zookeepers: 3 };
  const set = { set: { 'log.retention.hours': '6' } };

  it('replaces brokers one after the other, the controller last', () => {
    const plan = rollPlan(document({ brokers: 2, ...set }), running({ brokers: 2 }), {
      last: ['broker-1'],
    });
    expect(planText(plan)).toMatchInlineSnapshot(`
      " 1  fetch image confluentinc/cp-kafka:7.9.10  (broker-1, broker-2 run it)
       2  wait for ZooKeeper  (brokers register with an ensemble that serves)
       3  wait for brokers  (the cluster is up when every broker lists every broker)
       4  check replicas of topics  (they are out of reach while their broker is away)
       5  wait for replicas  (the others then have all that broker-2 has)
       6  stop broker-2  (KAFKA_LOG_RETENTION_HOURS unset -> 6)
       7  remove broker-2  (KAFKA_LOG_RETENTION_HOURS unset -> 6)
       8  create broker-2  (broker-2 is replaced)
       9  clear /brokers/ids/2  (broker-2 is replaced)
      10  start broker-2  (broker-2 is replaced)
      11  wait for brokers  (broker-2 is back when every broker lists it)
      12  wait for replicas  (the others then have all that broker-1 has)
      13  stop broker-1  (KAFKA_LOG_RETENTION_HOURS unset -> 6)
      14  remove broker-1  (KAFKA_LOG_RETENTION_HOURS unset -> 6)
      15  create broker-1  (broker-1 is replaced)
      16  clear /brokers/ids/1  (broker-1 is replaced)
      17  start broker-1  (broker-1 is replaced)
      18  wait for brokers  (broker-1 is back when every broker lists it)
      19  wait for replicas  (then every broker has all that it should)
      20  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)"
    `);
  });

  it('finds networks of others before it makes anything', () => {
    const shape = { brokers: 2, network: ['apps'] };
    const plan = rollPlan(document({ ...shape, ...set }), running(shape), { last: [] });
    expect(planText(plan)).toMatch(/^ 1 {2}find network apps .*\n 2 {2}fetch image/);
  });

  it('replaces ZooKeepers before brokers, the leader last', () => {
    const plan = rollPlan(document({ ...three, images: 'local' }), running(three), {
      last: ['zookeeper-2', 'broker-3'],
    });
    const stopped = turns(plan).filter((turn) => turn.startsWith('stop-node'));
    expect(stopped).toEqual([
      'stop-node zookeeper-1',
      'stop-node zookeeper-3',
      'stop-node zookeeper-2',
      'stop-node broker-1',
      'stop-node broker-2',
      'stop-node broker-3',
    ]);
  });

  it('makes at once what does not run, and then goes on', () => {
    const observed = running({ brokers: 3 });
    observed.nodes = observed.nodes
      .filter(({ service }) => service !== 'broker-1')
      .map((node) => (node.service === 'broker-2' ? { ...node, state: 'exited' } : node));
    const plan = rollPlan(document({ brokers: 3, ...set }), observed, { last: [] });
    expect(turns(plan)).toEqual([
      'stop-node broker-2',
      'remove-node broker-2',
      'create-node broker-1',
      'create-node broker-2',
      'start-node broker-1',
      'start-node broker-2',
      'stop-node broker-3',
      'remove-node broker-3',
      'create-node broker-3',
      'start-node broker-3',
    ]);
  });

  it('changes nothing where all is as it should be', () => {
    expect(changesAnything(rollPlan(document(three), running(three), { last: [] }))).toBe(false);
  });
});

describe('the plan of scale', () => {
  const scaled = (brokers: number, observed: ObservedProject, insync?: number): Plan =>
    scalePlan(document({ brokers }), observed, {
      leaving: leavingBrokers(observed, brokers),
      last: [],
      insync,
    });

  it('adds brokers, and then gives the others their settings', () => {
    expect(planText(scaled(2, running({ brokers: 1 })))).toMatchInlineSnapshot(`
      " 1  fetch image confluentinc/cp-kafka:7.9.10  (broker-1, broker-2 run it)
       2  create volume broker-2-data  (broker-2 keeps its data there)
       3  create broker-2  (broker-2 is not there)
       4  wait for ZooKeeper  (brokers register with an ensemble that serves)
       5  clear /brokers/ids/2  (broker-2 may have been killed before)
       6  start broker-2  (broker-2 is not there)
       7  wait for brokers  (the cluster is up when every broker lists every broker)
       8  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)
       9  check replicas of topics  (they are out of reach while their broker is away)
      10  wait for replicas  (the others then have all that broker-1 has)
      11  stop broker-1  (KAFKA_DEFAULT_REPLICATION_FACTOR 1 -> 2, KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR 1 -> 2, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR 1 -> 2)
      12  remove broker-1  (KAFKA_DEFAULT_REPLICATION_FACTOR 1 -> 2, KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR 1 -> 2, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR 1 -> 2)
      13  create broker-1  (broker-1 is replaced)
      14  clear /brokers/ids/1  (broker-1 is replaced)
      15  start broker-1  (broker-1 is replaced)
      16  wait for brokers  (broker-1 is back when every broker lists it)
      17  wait for replicas  (then every broker has all that it should)
      18  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)"
    `);
  });

  it('keeps topics writable before brokers ask for more replicas', () => {
    const text = planText(scaled(3, running({ brokers: 2 }), 2));
    expect(text).toMatch(/keep topics with fewer than 2 replicas[\s\S]*stop broker-1/);
    // Brokers that stay as they are ask for nothing new.
    expect(planText(scaled(4, running({ brokers: 3 }), 2))).not.toContain('keep topics');
  });

  it('drains brokers, and removes them with their data', () => {
    expect(planText(scaled(1, running({ brokers: 2 })))).toMatchInlineSnapshot(`
      " 1  fetch image confluentinc/cp-kafka:7.9.10  (broker-1 runs it)
       2  wait for ZooKeeper  (brokers register with an ensemble that serves)
       3  wait for brokers  (the cluster is up when every broker lists every broker)
       4  wait for replicas  (it is then known who has what)
       5  check partitions of broker-2  (nothing is touched unless the others can take it)
       6  check replicas of topics  (they are out of reach while their broker is away)
       7  wait for replicas  (the others then have all that broker-1 has)
       8  stop broker-1  (KAFKA_DEFAULT_REPLICATION_FACTOR 2 -> 1, KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR 2 -> 1, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR 2 -> 1)
       9  remove broker-1  (KAFKA_DEFAULT_REPLICATION_FACTOR 2 -> 1, KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR 2 -> 1, KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR 2 -> 1)
      10  create broker-1  (broker-1 is replaced)
      11  clear /brokers/ids/1  (broker-1 is replaced)
      12  start broker-1  (broker-1 is replaced)
      13  wait for brokers  (broker-1 is back when every broker lists it)
      14  wait for replicas  (then every broker has all that it should)
      15  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)
      16  drain broker-2  (the others take what they have)
      17  stop broker-2  (broker-2 leaves)
      18  check broker-2  (a topic may have come to them since they were drained)
      19  remove broker-2  (broker-2 leaves)
      20  clear /brokers/ids/2  (broker-2 may have been killed before)
      21  remove volume broker-2-data  (broker-2 leaves)"
    `);
  });

  it('goes on where a killed run has ended', () => {
    const { volumes } = running({ brokers: 3 });
    const plan = scaled(2, { ...running({ brokers: 2 }), volumes });
    expect(planText(plan)).toMatchInlineSnapshot(`
      " 1  wait for ZooKeeper  (brokers register with an ensemble that serves)
       2  wait for brokers  (the cluster is up when every broker lists every broker)
       3  wait for replicas  (it is then known who has what)
       4  check partitions of broker-3  (nothing is touched unless the others can take it)
       5  drain broker-3  (the others take what they have)
       6  check broker-3  (a topic may have come to them since they were drained)
       7  clear /brokers/ids/3  (broker-3 may have been killed before)
       8  remove volume broker-3-data  (broker-3 leaves)"
    `);
  });

  it('does not wait for replicas on a leaving broker that does not run', () => {
    const observed = running({ brokers: 2 });
    observed.nodes = observed.nodes.map((node) =>
      node.service === 'broker-2' ? { ...node, state: 'exited' } : node,
    );
    const waits = scaled(1, observed)
      .stages.flat()
      .flatMap(({ step }) => (step.kind === 'await-in-sync' ? [step.without] : []));
    expect(waits.length).toBeGreaterThan(0);
    expect(waits.every((without) => without.join() === '2')).toBe(true);
  });
});

describe('the plan of upgrade', () => {
  const local = (kafka: string) => rendered({ brokers: 2, images: 'local', kafka });
  const old = observedAs('demo', local('2.8').document);
  const pinned = document({
    brokers: 2,
    images: 'local',
    kafka: '3.9',
    set: { 'inter.broker.protocol.version': '2.8' },
  });

  it('brings the new program first, and then its protocol', () => {
    const plan = upgradePlan(pinned, local('3.9').document, old, { last: [] });
    expect(planText(plan)).toMatchInlineSnapshot(`
      " 1  fetch image kcluster/zookeeper:3.8.4  (zookeeper-1 runs it)
       1  fetch image kcluster/kafka:3.9.2  (broker-1, broker-2 run it)
       2  wait for ZooKeeper  (brokers register with an ensemble that serves)
       3  wait for brokers  (the cluster is up when every broker lists every broker)
       4  stop zookeeper-1  (image kcluster/zookeeper:3.5.9 -> kcluster/zookeeper:3.8.4)
       5  remove zookeeper-1  (image kcluster/zookeeper:3.5.9 -> kcluster/zookeeper:3.8.4)
       6  create zookeeper-1  (zookeeper-1 is replaced)
       7  start zookeeper-1  (zookeeper-1 is replaced)
       8  wait for ZooKeeper  (zookeeper-1 is back when the ensemble serves)
       9  wait for sessions of brokers  (a session may have expired)
      10  wait for brokers  (brokers have their sessions with ZooKeeper again)
      11  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)
      12  check replicas of topics  (they are out of reach while their broker is away)
      13  wait for replicas  (the others then have all that broker-1 has)
      14  stop broker-1  (image kcluster/kafka:2.8.2 -> kcluster/kafka:3.9.2, KAFKA_INTER_BROKER_PROTOCOL_VERSION unset -> 2.8)
      15  remove broker-1  (image kcluster/kafka:2.8.2 -> kcluster/kafka:3.9.2, KAFKA_INTER_BROKER_PROTOCOL_VERSION unset -> 2.8)
      16  create broker-1  (broker-1 is replaced)
      17  clear /brokers/ids/1  (broker-1 is replaced)
      18  start broker-1  (broker-1 is replaced)
      19  wait for brokers  (broker-1 is back when every broker lists it)
      20  wait for replicas  (the others then have all that broker-2 has)
      21  stop broker-2  (image kcluster/kafka:2.8.2 -> kcluster/kafka:3.9.2, KAFKA_INTER_BROKER_PROTOCOL_VERSION unset -> 2.8)
      22  remove broker-2  (image kcluster/kafka:2.8.2 -> kcluster/kafka:3.9.2, KAFKA_INTER_BROKER_PROTOCOL_VERSION unset -> 2.8)
      23  create broker-2  (broker-2 is replaced)
      24  clear /brokers/ids/2  (broker-2 is replaced)
      25  start broker-2  (broker-2 is replaced)
      26  wait for brokers  (broker-2 is back when every broker lists it)
      27  wait for replicas  (then every broker has all that it should)
      28  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)
      29  wait for ZooKeeper  (brokers register with an ensemble that serves)
      30  wait for brokers  (the cluster is up when every broker lists every broker)
      31  wait for replicas  (the others then have all that broker-1 has)
      32  stop broker-1  (KAFKA_INTER_BROKER_PROTOCOL_VERSION 2.8 -> unset)
      33  remove broker-1  (KAFKA_INTER_BROKER_PROTOCOL_VERSION 2.8 -> unset)
      34  create broker-1  (broker-1 is replaced)
      35  clear /brokers/ids/1  (broker-1 is replaced)
      36  start broker-1  (broker-1 is replaced)
      37  wait for brokers  (broker-1 is back when every broker lists it)
      38  wait for replicas  (the others then have all that broker-2 has)
      39  stop broker-2  (KAFKA_INTER_BROKER_PROTOCOL_VERSION 2.8 -> unset)
      40  remove broker-2  (KAFKA_INTER_BROKER_PROTOCOL_VERSION 2.8 -> unset)
      41  create broker-2  (broker-2 is replaced)
      42  clear /brokers/ids/2  (broker-2 is replaced)
      43  start broker-2  (broker-2 is replaced)
      44  wait for brokers  (broker-2 is back when every broker lists it)
      45  wait for replicas  (then every broker has all that it should)
      46  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)"
    `);
  });

  it('needs but one round where the protocol is the same', () => {
    const plan = upgradePlan(undefined, local('3.9').document, observedAs('demo', pinned), {
      last: [],
    });
    expect(turns(plan).filter((turn) => turn.startsWith('stop'))).toEqual([
      'stop-node broker-1',
      'stop-node broker-2',
    ]);
  });
});

describe('the plan of restart', () => {
  it('stops nodes and starts them, all at once', () => {
    const observed = running({ brokers: 2 });
    expect(planText(restartPlan(observed, ['broker-2', 'zookeeper-1']))).toMatchInlineSnapshot(`
      " 1  stop broker-2  (\`kcluster restart\`)
       2  stop zookeeper-1  (\`kcluster restart\`)
       3  check data of zookeeper-1  (a ZooKeeper with the data of another would be a second one of that id)
       4  start zookeeper-1  (\`kcluster restart\`)
       5  wait for ZooKeeper  (brokers register with an ensemble that serves)
       6  check data of broker-2  (a broker dies on the data of another cluster)
       7  clear /brokers/ids/2  (broker-2 may have been killed before)
       8  start broker-2  (\`kcluster restart\`)
       9  wait for sessions of brokers  (a session may have expired)
      10  wait for brokers  (the cluster is up when every broker lists every broker)
      11  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)"
    `);
  });

  it('restarts one after the other', () => {
    const observed = running({ brokers: 2 });
    const plan = rollingRestartPlan(observed, ['zookeeper-1', 'broker-1', 'broker-2'], {
      last: ['broker-1'],
    });
    expect(planText(plan)).toMatchInlineSnapshot(`
      " 1  wait for ZooKeeper  (brokers register with an ensemble that serves)
       2  wait for brokers  (the cluster is up when every broker lists every broker)
       3  stop zookeeper-1  (\`kcluster restart --rolling\`)
       4  start zookeeper-1  (zookeeper-1 comes back)
       5  wait for ZooKeeper  (zookeeper-1 is back when the ensemble serves)
       6  wait for sessions of brokers  (a session may have expired)
       7  wait for brokers  (brokers have their sessions with ZooKeeper again)
       8  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)
       9  check replicas of topics  (they are out of reach while their broker is away)
      10  wait for replicas  (the others then have all that broker-2 has)
      11  stop broker-2  (\`kcluster restart --rolling\`)
      12  clear /brokers/ids/2  (broker-2 comes back)
      13  start broker-2  (broker-2 comes back)
      14  wait for brokers  (broker-2 is back when every broker lists it)
      15  wait for replicas  (the others then have all that broker-1 has)
      16  stop broker-1  (\`kcluster restart --rolling\`)
      17  clear /brokers/ids/1  (broker-1 comes back)
      18  start broker-1  (broker-1 comes back)
      19  wait for brokers  (broker-1 is back when every broker lists it)
      20  wait for replicas  (then every broker has all that it should)
      21  wait for leaders of partitions  (Kafka would move leaders back later, amid the work of clients)"
    `);
  });
});

describe('the plan after an interrupt', () => {
  it('brings back what the run has stopped or removed', () => {
    const before = running({ brokers: 3 });
    const now = { ...before, nodes: before.nodes.filter(({ service }) => service !== 'broker-2') };
    expect(planText(revivePlan(document({ brokers: 3 }), before, now))).toMatchInlineSnapshot(`
      " 1  create broker-2  (this run has stopped it)
       2  clear /brokers/ids/2  (this run has stopped it)
       3  start broker-2  (this run has stopped it)"
    `);
  });

  it('leaves away what was to go, and what did not run', () => {
    const before = running({ brokers: 3 });
    before.nodes = before.nodes.map((node) =>
      node.service === 'broker-1' ? { ...node, state: 'exited' } : node,
    );
    const now = observedAs('demo', document({ brokers: 3 }), () => ({ state: 'exited' }));
    const plan = revivePlan(document({ brokers: 2 }), before, now);
    expect(turns(plan)).toEqual(['start-node zookeeper-1', 'start-node broker-2']);
  });
});
