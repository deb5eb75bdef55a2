import { describe, expect, test } from 'vitest';
import { imagePair } from '../../src/images/families.js';
import { findLocalImage, localClassPath } from '../../src/images/local.js';
import { pinnedLines, pinnedVersions, readJarLock } from '../../src/jars/lock.js';

describe('imagePair', () => {
  test.each([
    ['2.8', 'kcluster/zookeeper:3.5.9', 'kcluster/kafka:2.8.2'],
    ['3.6.2', 'kcluster/zookeeper:3.8.4', 'kcluster/kafka:3.6.2'],
    [undefined, 'kcluster/zookeeper:3.8.4', 'kcluster/kafka:3.9.2'],
  ])('of the local images of Kafka %s', (version, zookeeper, kafka) => {
    const pair = imagePair('local', version);
    expect([pair.zookeeper.image, pair.kafka.image]).toEqual([zookeeper, kafka]);
  });

  test('has a published image for every line', () => {
    const images = pinnedLines().map((line) => imagePair('published', line).kafka.image);
    expect(new Set(images).size).toBe(images.length);
    expect(images.at(-1)).toBe(imagePair('published').kafka.image);
  });

  test.each(['local', 'published'] as const)(
    'refuses a version that is not pinned (%s)',
    (choice) => {
      expect(() => imagePair(choice, '4.0')).toThrow('Kafka 4.0 is not a version');
    },
  );
});

describe('findLocalImage', () => {
  test.each(pinnedVersions())(
    'finds the images of Kafka %s, with the class path of their lock',
    (v) => {
      const own = readJarLock(v);
      const { kafka, zookeeper } = imagePair('local', v);
      for (const [role, { image }] of [
        ['kafka', kafka],
        ['zookeeper', zookeeper],
      ] as const) {
        const found = findLocalImage(image)!;
        expect(found.role).toBe(role);
        expect(localClassPath(role, found.lock)).toEqual(localClassPath(role, own));
      }
    },
  );

  test.each([
    'kcluster/kafka:3.9',
    'kcluster/zookeeper:3.9.2',
    'kcluster/kafka',
    'zookeeper:3.8.4',
  ])('does not find %s', (reference) => expect(findLocalImage(reference)).toBeUndefined());
});

test('a ZooKeeper runs from jars of its own', () => {
  const { name, jars } = localClassPath('zookeeper', readJarLock('3.9.2'));
  expect(name).toBe('zookeeper-3.8.4');
  expect(jars.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(8e6);
});
