import { describe, expect, it } from 'vitest';
import { pairsOf } from '../../src/images/catalog.js';
import { clusterSetups, setupProblems } from '../../src/compose/setups.js';
import { clusterImages } from '../../src/images/choice.js';
import { KclusterError } from '../../src/errors.js';
import { familyNames } from '../../src/images/family-names.js';
import { familyOf } from '../../src/images/recognise.js';
import { parseReference } from '../../src/images/reference.js';
import { defaultKafkaVersion, readJarLock } from '../../src/jars/lock.js';
import { rendered, resolved, topologyOf } from '../helpers/clusters.js';

/** The images of a family, for a version of Kafka or for none. */
const chosen = (images: string, kafka?: string) => {
  const { kafka: broker, zookeeper } = clusterImages(resolved({ images, kafka }));
  return { kafka: broker.image, zookeeper: zookeeper.image };
};

describe.each(familyNames)('the %s images', (family) => {
  const pairs = pairsOf(family);

  it('begin with the newest line, and have each once', () => {
    const minors = pairs.map(({ kafkaLine }) => kafkaLine.split('.').map(Number));
    const sorted = minors.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => c - a || d - b);
    expect(minors).toEqual(sorted);
    expect(new Set(minors.map(String)).size).toBe(pairs.length);
    expect(pairs.every(({ kafkaLine }) => kafkaLine < '4')).toBe(true);
  });

  it('are each of a family, of tags that do not move by themselves', () => {
    for (const { kafka, zookeeper } of pairs) {
      expect(familyOf(kafka, 'kafka')).toBeDefined();
      expect(familyOf(zookeeper, 'zookeeper')).toBeDefined();
      for (const image of [kafka, zookeeper])
        expect(parseReference(image).tag).toMatch(/^\d+\.\d+/);
    }
  });

  it('are found by line', () => {
    for (const { kafkaLine, kafka, zookeeper } of pairs)
      expect(chosen(family, kafkaLine)).toEqual({ kafka, zookeeper });
    expect(chosen(family)).toEqual(chosen(family, pairs[0]!.kafkaLine));
    expect(() => chosen(family, '1.0')).toThrow('the cluster is not one that can be made');
  });

  it('can be told what a cluster of three is', () => {
    const { document } = rendered({ images: family, brokers: 3, zookeepers: 3 });
    expect(document.services['broker-3']!.image).toBe(pairs[0]!.kafka);
    // Debezium's can't be told of observers.
    const observers = family === 'debezium' ? 0 : 1;
    const flags = { images: family, brokers: 3, zookeepers: 3, observers };
    const setups = clusterSetups(
      resolved(flags),
      topologyOf(flags),
      clusterImages(resolved(flags)),
    );
    expect(setupProblems(setups)).toEqual([]);
  });
});

it('the defaults are the official ZooKeeper and the last cp-kafka that runs on it', () => {
  expect(chosen('published')).toEqual({
    zookeeper: 'zookeeper:3.9.5',
    kafka: 'confluentinc/cp-kafka:7.9.10',
  });
});

it('the newest local images are those of the default version', () => {
  const lock = readJarLock(defaultKafkaVersion);
  expect(pairsOf('local')[0]).toMatchObject({
    kafka: `kcluster/kafka:${lock.kafka}`,
    zookeeper: `kcluster/zookeeper:${lock.zookeeper}`,
  });
});

it('the tags of Confluent Platform are those of the line of Kafka', () => {
  const platforms = { '6.2': '2.8', '7.0': '3.0', '7.5': '3.5', '7.9': '3.9' };
  for (const [platform, line] of Object.entries(platforms))
    for (const family of ['published', 'confluent'] as const)
      expect(chosen(family, line).kafka).toContain(`/cp-kafka:${platform}.`);
});

it.each([
  ['local', '3.6.2', 'kcluster/kafka:3.6.2'],
  ['apache', '3.8.1', 'apache/kafka:3.8.1'],
  ['strimzi', '3.7.1', 'quay.io/strimzi/kafka:0.43.0-kafka-3.7.1'],
  ['wurstmeister', '2.8.1', 'wurstmeister/kafka:2.13-2.8.1'],
])(
  '%s images are found by the exact version %s, which is in their tag',
  (family, version, image) => {
    expect(chosen(family, version).kafka).toBe(image);
  },
);

it('images that are named are taken as they are, from a mirror too, and refused for what they are', () => {
  const from = (kafka: string, zookeeper: string) =>
    clusterImages({
      ...resolved({}),
      spec: {
        ...resolved({}).spec,
        kafka: { ...resolved({}).spec.kafka, image: kafka },
        zookeeper: { ...resolved({}).spec.zookeeper, image: zookeeper },
      },
    });
  const mirrored = from(
    'mirror.example:5000/hub/apache/kafka:3.9.1',
    'mirror.example/zookeeper:3.8.6',
  );
  expect(mirrored.kafka).toMatchObject({
    image: 'mirror.example:5000/hub/apache/kafka:3.9.1',
    family: { name: 'apache/kafka' },
  });
  const wrong = problemsOf(() => from('confluentinc/cp-kafka:8.0.0', 'example/keeper:1'));
  expect(wrong).toEqual([
    expect.stringMatching(/kafka\.image: .*take confluentinc\/cp-kafka:7\.9/),
    expect.stringMatching(/zookeeper\.image: is of no family that kcluster knows/),
  ]);
});

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof KclusterError) return error.details;
    throw error;
  }
  return [];
}
