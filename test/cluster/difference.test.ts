import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/cluster/difference.js';
import type { ObservedNode } from '../../src/cluster/observed.js';
import type { ComposeService } from '../../src/compose/document.js';
import type { ShapeOptions } from '../../src/spec/flags.js';
import { observedAs, rendered } from '../helpers/clusters.js';

/** What is said of broker-1 that was made of one specification when another is asked for. */
function difference(before: ShapeOptions, after: ShapeOptions, service = 'broker-1'): string {
  const [node] = observedAs('demo', rendered(before).document).nodes.filter(
    (each) => each.service === service,
  );
  return differenceOf(node!, rendered(after).document.services[service]!);
}

const set = (settings: Record<string, string>): ShapeOptions => ({ set: settings });

describe('what changed of a node', () => {
  it('is a setting', () => {
    expect(
      difference(set({ 'log.retention.hours': '5' }), set({ 'log.retention.hours': '6' })),
    ).toBe('KAFKA_LOG_RETENTION_HOURS 5 -> 6');
  });

  it('is one that was not set, or is not any more', () => {
    expect(difference({}, set({ 'log.retention.hours': '6' }))).toBe(
      'KAFKA_LOG_RETENTION_HOURS unset -> 6',
    );
    expect(difference(set({ 'log.retention.hours': '6' }), {})).toBe(
      'KAFKA_LOG_RETENTION_HOURS 6 -> unset',
    );
  });

  it('is its profile, and what comes of it', () => {
    const profile = 'production-like';
    expect(difference({}, { profile })).toMatch(/^profile fast -> production-like, KAFKA_/);
    expect(difference({ profile }, {}, 'zookeeper-1')).toMatch(
      /^profile production-like -> fast, JVMFLAGS /,
    );
  });

  it('is its image', () => {
    expect(difference({ images: 'published' }, { images: 'local' })).toBe(
      'image confluentinc/cp-kafka:7.9.10 -> kcluster/kafka:3.9.2',
    );
  });

  it('is its port', () => {
    expect(difference({}, { kafkaPort: 9093 })).toMatch(/^port 9092 -> 9093, /);
  });

  it('is what a list gets, loses or has otherwise', () => {
    const three = { zookeepers: 3 };
    expect(difference({}, three)).toBe(
      'KAFKA_ZOOKEEPER_CONNECT gets zookeeper-2:2181 zookeeper-3:2181',
    );
    expect(difference(three, {})).toMatch(/^KAFKA_ZOOKEEPER_CONNECT loses /);
  });

  it('is a few of many things, and the number of the others', () => {
    expect(difference({ brokers: 1 }, { brokers: 3 })).toMatchInlineSnapshot(
      `"KAFKA_DEFAULT_REPLICATION_FACTOR 1 -> 3, KAFKA_MIN_INSYNC_REPLICAS 1 -> 2, KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR 1 -> 3 and 2 more"`,
    );
  });

  it('is no secret', () => {
    const change = difference(
      set({ 'ssl.keystore.password': 'before' }),
      set({ 'ssl.keystore.password': 'after' }),
    );
    expect(change).toBe('KAFKA_SSL_KEYSTORE_PASSWORD changed');
  });

  it('is cut where it is long', () => {
    const long = 'x'.repeat(200);
    expect(difference({}, set({ 'principal.builder.class': long }))).toHaveLength(
      'KAFKA_PRINCIPAL_BUILDER_CLASS unset -> '.length + 60,
    );
  });

  it('is not what the image sets, and not the order of volumes', () => {
    const definition = rendered({}).document.services['zookeeper-1']!;
    const node = nodeOf(definition, (each) => ({
      ...each,
      environment: { ...each.environment, PATH: '/bin', JAVA_HOME: '/java' },
      inherited: ['PATH', 'JAVA_HOME'],
      volumes: each.volumes.toReversed(),
    }));
    expect(differenceOf(node, definition)).toBe('the definition changed');
  });

  it('is said to be there where it can not be seen', () => {
    const definition = rendered({}).document.services['broker-1']!;
    const node = nodeOf(definition);
    delete node.definition;
    expect(differenceOf(node, definition)).toBe('the definition changed');
  });
});

type Definition = NonNullable<ObservedNode['definition']>;

function nodeOf(
  definition: ComposeService,
  change: (definition: Definition) => Definition = (each) => each,
): ObservedNode {
  const { nodes } = observedAs('demo', { services: { any: definition }, volumes: [] });
  const [node] = nodes;
  return { ...node!, definition: change(node!.definition!) };
}
