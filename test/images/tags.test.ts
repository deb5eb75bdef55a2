import { describe, expect, it } from 'vitest';
import { pairsOf } from '../../src/images/catalog.js';
import { familyNames } from '../../src/images/family-names.js';
import { tagProblem } from '../../src/images/tags.js';

const kraft = 'has no ZooKeeper mode';

describe('an image that can not run on ZooKeeper, or can not be had', () => {
  it.each([
    ['confluentinc/cp-kafka', `Confluent Platform ${kraft}`, 'confluentinc/cp-kafka:7.9.10'],
    ['confluentinc/cp-kafka:latest', kraft, 'confluentinc/cp-kafka:7.9.10'],
    ['confluentinc/cp-kafka:latest.arm64', kraft, 'confluentinc/cp-kafka:7.9.10'],
    ['confluentinc/cp-kafka:8.0.0', `8.0 ${kraft}`, 'confluentinc/cp-kafka:7.9.10'],
    ['confluentinc/cp-kafka:8.1.2-1-ubi9', `8.1 ${kraft}`, 'confluentinc/cp-kafka:7.9.10'],
    ['confluentinc/cp-kafka:8.0.0@sha256:abc', kraft, 'confluentinc/cp-kafka:7.9.10'],
    [
      'mirror.example:5000/hub/confluentinc/cp-kafka:8.0.0',
      kraft,
      'mirror.example:5000/hub/confluentinc/cp-kafka:7.9.10',
    ],
    ['confluentinc/cp-zookeeper:8.0.0', 'never published', 'confluentinc/cp-zookeeper:7.9.10'],
    ['confluentinc/cp-zookeeper', 'names no version', 'confluentinc/cp-zookeeper:7.9.10'],
    ['confluentinc/confluent-local:7.9.0', 'KRaft only', 'confluentinc/cp-kafka:7.9.10'],
    ['confluentinc/confluent-local@sha256:abc', 'KRaft only', 'confluentinc/cp-kafka:7.9.10'],
    ['apache/kafka', `the newest Kafka ${kraft}`, 'apache/kafka:3.9.2'],
    ['apache/kafka:4.0.0', `Kafka 4.0 ${kraft}`, 'apache/kafka:3.9.2'],
    ['apache/kafka:4.1.0-rc2', kraft, 'apache/kafka:3.9.2'],
    ['apache/kafka:3.6.2', 'begin with 3.7', 'apache/kafka:3.7.2'],
    ['apache/kafka-native:3.9.2', 'KRaft only', 'apache/kafka:3.9.2'],
    ['bitnami/kafka:3.9.0', 'moved', 'bitnamilegacy/kafka:3.9.0'],
    ['docker.io/bitnami/kafka:3.4', 'moved', 'docker.io/bitnamilegacy/kafka:3.4'],
    ['bitnami/kafka:4.0', 'moved', 'bitnamilegacy/kafka:3.9.0'],
    ['bitnami/kafka', 'moved', 'bitnamilegacy/kafka:3.9.0'],
    ['bitnami/zookeeper:3.8', 'moved', 'bitnamilegacy/zookeeper:3.8'],
    ['bitnami/zookeeper', 'moved', 'bitnamilegacy/zookeeper:3.9.3-debian-12-r22'],
    ['mirror.example/bitnami/kafka:4.0', kraft, 'mirror.example/bitnamilegacy/kafka:3.9.0'],
    ['bitnamilegacy/kafka:4.0.0-debian-12-r8', kraft, 'bitnamilegacy/kafka:3.9.0'],
    ['bitnamilegacy/kafka', kraft, 'bitnamilegacy/kafka:3.9.0'],
    ['quay.io/debezium/kafka', kraft, 'quay.io/debezium/kafka:3.1'],
    ['quay.io/debezium/kafka:3.2', `Debezium 3.2 ${kraft}`, 'quay.io/debezium/kafka:3.1'],
    ['quay.io/debezium/kafka:3.2.0.Final', kraft, 'quay.io/debezium/kafka:3.1'],
    ['quay.io/debezium/kafka:nightly', kraft, 'quay.io/debezium/kafka:3.1'],
    ['debezium/kafka:3.0', 'left Docker Hub', 'quay.io/debezium/kafka:3.0'],
    ['debezium/kafka:latest', kraft, 'quay.io/debezium/kafka:3.1'],
    ['docker.io/debezium/zookeeper:2.7', 'left Docker Hub', 'quay.io/debezium/zookeeper:2.7'],
    ['quay.io/debezium/zookeeper:3.4', 'end with Debezium 3.2', 'quay.io/debezium/zookeeper:3.1'],
    ['quay.io/debezium/zookeeper', 'end with Debezium 3.2', 'quay.io/debezium/zookeeper:3.1'],
    [
      'quay.io/strimzi/kafka:0.46.0-kafka-3.9.0',
      'Strimzi 0.46 has no ZooKeeper',
      'quay.io/strimzi/kafka:0.45.2-kafka-3.9.2',
    ],
    [
      'quay.io/strimzi/kafka:1.0.0-kafka-4.1.0',
      'Strimzi 1.0',
      'quay.io/strimzi/kafka:0.45.2-kafka-3.9.2',
    ],
    [
      'quay.io/strimzi/kafka:latest-kafka-4.0.0',
      'the newest Strimzi',
      'quay.io/strimzi/kafka:0.45.2-kafka-3.9.2',
    ],
    ['wurstmeister/zookeeper:3.4.6', 'schema 1', 'wurstmeister/zookeeper:latest'],
    ['zookeeper:3.4.14', 'before 3.5', 'zookeeper:3.9.5'],
    [
      'mirror.example/library/zookeeper:3.3',
      'before 3.5',
      'mirror.example/library/zookeeper:3.9.5',
    ],
  ])('%s: %s, take %s', (reference, reason, use) => {
    const problem = tagProblem(reference)!;
    expect(problem.startsWith(`${reference}: `)).toBe(true);
    expect(problem).toContain(reason);
    expect(problem.endsWith(`; take ${use}`)).toBe(true);
    expect(tagProblem(use)).toBeUndefined();
  });
});

describe('an image with nothing to say about', () => {
  it.each([
    'confluentinc/cp-kafka:7.9.10',
    'confluentinc/cp-kafka:5.5.15',
    'confluentinc/cp-kafka:7.9.10-1-ubi8',
    'confluentinc/cp-kafka:7.9.3.arm64',
    'confluentinc/cp-kafka@sha256:abc',
    'confluentinc/cp-kafka:my-own-build',
    'confluentinc/cp-zookeeper:7.9.10',
    'apache/kafka:3.9.0-rc3',
    'apache/kafka:3.9',
    'bitnamilegacy/kafka:3.9.0-debian-12-r6',
    'bitnamilegacy/zookeeper',
    'mirror.example/bitnami/kafka:3.9.0',
    'mirror.example/bitnami/zookeeper',
    'quay.io/debezium/kafka:3.1.3.Final',
    'quay.io/debezium/zookeeper:3.2',
    'quay.io/strimzi/kafka:0.45.0-kafka-3.8.0',
    'wurstmeister/kafka',
    'wurstmeister/kafka:2.13-2.8.1',
    'wurstmeister/zookeeper',
    'zookeeper',
    'zookeeper:3.9-jre-17',
    'kcluster/kafka:3.9.2',
    'my/kafka:9',
  ])('%s', (reference) => {
    expect(tagProblem(reference)).toBeUndefined();
  });

  it.each(familyNames.flatMap(pairsOf).flatMap(({ kafka, zookeeper }) => [kafka, zookeeper]))(
    '%s, which the catalogue has',
    (reference) => {
      expect(tagProblem(reference)).toBeUndefined();
    },
  );
});

it('every image to take instead is one that the catalogue has, or the same tag elsewhere', () => {
  const known = new Set(
    familyNames.flatMap(pairsOf).flatMap((pair) => [pair.kafka, pair.zookeeper]),
  );
  const bad = [
    'confluentinc/cp-kafka:8',
    'confluentinc/cp-zookeeper:8',
    'confluentinc/confluent-local',
    'apache/kafka:4',
    'apache/kafka:3.6',
    'apache/kafka-native',
    'bitnami/kafka',
    'bitnami/zookeeper',
    'quay.io/debezium/kafka:4',
    'debezium/zookeeper',
    'quay.io/strimzi/kafka:1',
    'zookeeper:3.4',
  ];
  for (const reference of bad) expect(known).toContain(tagProblem(reference)!.split('; take ')[1]);
});
