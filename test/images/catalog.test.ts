import { describe, expect, it } from 'vitest';
import { pairsOf } from '../../src/images/catalog.js';
import { imagePair, imagesFor, linesOf } from '../../src/images/families.js';
import { familyNames } from '../../src/images/family-names.js';
import { familyOf } from '../../src/images/recognise.js';
import { parseReference } from '../../src/images/reference.js';
import { defaultKafkaVersion, readJarLock } from '../../src/jars/lock.js';

describe.each(familyNames)('the %s images', (family) => {
  const pairs = pairsOf(family);

  it('begin with the newest line, and have each once', () => {
    const minors = pairs.map(({ kafkaLine }) => kafkaLine.split('.').map(Number));
    const sorted = minors.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => c - a || d - b);
    expect(minors).toEqual(sorted);
    expect(new Set(linesOf(family)).size).toBe(pairs.length);
    expect(linesOf(family).every((line) => line < '4')).toBe(true);
  });

  it('are each of a family, of tags that do not move by themselves', () => {
    for (const { kafka, zookeeper } of pairs) {
      expect(familyOf(kafka, 'kafka')).toBeDefined();
      expect(familyOf(zookeeper, 'zookeeper')).toBeDefined();
      for (const image of [kafka, zookeeper])
        expect(parseReference(image).tag).toMatch(/^\d+\.\d+/);
    }
  });

  it('are found by line, with their volumes', () => {
    for (const { kafkaLine, kafka, zookeeper } of pairs) {
      expect(imagesFor(family, kafkaLine)).toEqual({
        kafka: { image: kafka, volumes: familyOf(kafka, 'kafka')!.volumes },
        zookeeper: { image: zookeeper, volumes: familyOf(zookeeper, 'zookeeper')!.volumes },
      });
    }
    expect(imagesFor(family)).toEqual(imagesFor(family, linesOf(family)[0]));
    expect(imagesFor(family, '1.0')).toBeUndefined();
  });
});

it('the defaults are the official ZooKeeper and the last cp-kafka that runs on it', () => {
  const { zookeeper, kafka } = imagePair('published');
  expect([zookeeper.image, kafka.image]).toEqual([
    'zookeeper:3.9.5',
    'confluentinc/cp-kafka:7.9.10',
  ]);
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
      expect(imagesFor(family, line)!.kafka.image).toContain(`/cp-kafka:${platform}.`);
});
