import { describe, expect, it } from 'vitest';
import { familyOf } from '../../src/images/recognise.js';
import { formatReference, parseReference, versionOf } from '../../src/images/reference.js';

describe('an image reference', () => {
  it.each([
    ['zookeeper', { path: 'zookeeper' }],
    ['zookeeper:3.9.5', { path: 'zookeeper', tag: '3.9.5' }],
    ['confluentinc/cp-kafka:7.9.10', { path: 'confluentinc/cp-kafka', tag: '7.9.10' }],
    ['localhost/a/b', { host: 'localhost', path: 'a/b' }],
    ['mirror:5000/a/b', { host: 'mirror:5000', path: 'a/b' }],
    ['mirror.example:5000/a/b:c', { host: 'mirror.example:5000', path: 'a/b', tag: 'c' }],
    [
      'quay.io/strimzi/kafka:0.45.2-kafka-3.9.2@sha256:abc',
      { host: 'quay.io', path: 'strimzi/kafka', tag: '0.45.2-kafka-3.9.2', digest: 'sha256:abc' },
    ],
  ])('%s is read into its parts, and written back', (reference, parts) => {
    expect(parseReference(reference)).toEqual(parts);
    expect(formatReference(parseReference(reference))).toBe(reference);
  });

  it.each([
    ['7.9.10-1-ubi8', [7, 9, 10]],
    ['3.9.1-debian-12-r6', [3, 9, 1]],
    ['7.9.3.arm64', [7, 9, 3]],
    ['v3.9', [3, 9]],
    ['4', [4]],
    ['latest', undefined],
    ['master-7.9', undefined],
  ])('the tag %s is version %j', (tag, version) => {
    expect(versionOf(tag)).toEqual(version);
  });
});

describe('the family of a broker image', () => {
  it.each([
    ['confluentinc/cp-kafka:7.9.10', 'cp-kafka'],
    ['docker.io/confluentinc/cp-kafka', 'cp-kafka'],
    ['mirror.example:5000/hub/confluentinc/cp-kafka:7.9.10-1-ubi8@sha256:abc', 'cp-kafka'],
    ['apache/kafka:3.9.2', 'apache/kafka'],
    ['wurstmeister/kafka', 'wurstmeister/kafka'],
    ['bitnami/kafka:3.9', 'bitnami/kafka'],
    ['bitnamilegacy/kafka:3.9.0-debian-12-r6', 'bitnami/kafka'],
    ['quay.io/debezium/kafka:3.1', 'debezium/kafka'],
    ['quay.io/strimzi/kafka:0.45.2-kafka-3.9.2', 'strimzi/kafka'],
    ['kcluster/kafka:3.9.2', 'kcluster/kafka'],
    ['kafka:3.9', undefined],
    ['apache/kafka-native:3.9.2', undefined],
    ['my-apache/kafka:3.9.2', undefined],
    ['confluentinc/cp-zookeeper:7.9.10', undefined],
    ['ubuntu/kafka:3.9-22.04_edge', undefined],
  ])('%s: %s', (reference, name) => {
    expect(familyOf(reference, 'kafka')?.name).toBe(name);
  });
});

describe('the family of a ZooKeeper image', () => {
  it.each([
    ['zookeeper', 'zookeeper'],
    ['docker.io/library/zookeeper:3.9.5', 'zookeeper'],
    ['mirror.example/zookeeper:3.9', 'zookeeper'],
    ['mirror.example/hub/library/zookeeper:3.9', 'zookeeper'],
    ['confluentinc/cp-zookeeper:7.9.10', 'cp-zookeeper'],
    ['wurstmeister/zookeeper', 'wurstmeister/zookeeper'],
    ['bitnamilegacy/zookeeper:3.9', 'bitnami/zookeeper'],
    ['quay.io/debezium/zookeeper:3.0', 'debezium/zookeeper'],
    ['quay.io/strimzi/kafka:0.45.2-kafka-3.9.2', 'strimzi/kafka as ZooKeeper'],
    ['kcluster/zookeeper:3.8.4', 'kcluster/zookeeper'],
    ['someone/zookeeper:3.9', undefined],
    ['confluentinc/cp-kafka:7.9.10', undefined],
  ])('%s: %s', (reference, name) => {
    expect(familyOf(reference, 'zookeeper')?.name).toBe(name);
  });
});
