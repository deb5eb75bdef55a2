import { describe, expect, it } from 'vitest';
import { compareLines, kafkaLineOf, kafkaVersionOf } from '../../src/images/kafka-line.js';

describe('the line of Kafka in an image', () => {
  it.each([
    ['kcluster/kafka:3.9.2', '3.9'],
    ['apache/kafka:3.7.2', '3.7'],
    ['bitnamilegacy/kafka:2.8.1-debian-11-r3', '2.8'],
    ['mirror.example:5000/hub/confluentinc/cp-kafka:7.9.10', '3.9'],
    ['confluentinc/cp-kafka:6.2.10@sha256:abc', '2.8'],
    ['confluentinc/cp-kafka:5.5.0', '2.5'],
    ['quay.io/strimzi/kafka:0.45.0-kafka-3.9.0', '3.9'],
    ['wurstmeister/kafka:2.13-2.8.1', '2.8'],
    ['confluentinc/cp-kafka:latest', undefined],
    ['confluentinc/cp-kafka@sha256:abc', undefined],
    ['confluentinc/cp-kafka:8.0.0', undefined],
    ['debezium/kafka:2.7', undefined],
    ['apache/kafka:latest', undefined],
    ['zookeeper:3.9.5', undefined],
    ['example/other:3.9', undefined],
  ])('%s is %s', (image, line) => {
    expect(kafkaLineOf(image)).toBe(line);
  });

  it('compares by number', () => {
    expect(compareLines('2.8', '3.0')).toBeLessThan(0);
    expect(compareLines('3.10', '3.9')).toBeGreaterThan(0);
    expect(compareLines('3.9', '3.9')).toBe(0);
  });
});

describe('the version of Kafka in an image', () => {
  it.each([
    ['kcluster/kafka:3.9.2', '3.9.2'],
    ['bitnamilegacy/kafka:2.8.1-debian-11-r3', '2.8.1'],
    ['quay.io/strimzi/kafka:0.45.0-kafka-3.9.0', '3.9.0'],
    ['wurstmeister/kafka:2.13-2.8.1', '2.8.1'],
    ['mirror.example:5000/hub/confluentinc/cp-kafka:7.9.10', '3.9.0'],
    ['confluentinc/cp-kafka:6.2.10@sha256:abc', '2.8.0'],
    ['apache/kafka:3.9', '3.9.0'],
    ['apache/kafka:latest', undefined],
    ['debezium/kafka:2.7', undefined],
  ])('%s is %s', (image, version) => {
    expect(kafkaVersionOf(image)).toBe(version);
  });
});
