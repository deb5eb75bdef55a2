import { describe, expect, test } from 'vitest';
import { clusterImages } from '../../src/images/choice.js';
import { findLocalImage, localClassPath } from '../../src/images/local.js';
import { pinnedVersions, readJarLock } from '../../src/jars/lock.js';
import { resolved } from '../helpers/clusters.js';

describe('findLocalImage', () => {
  test.each(pinnedVersions())(
    'finds the images of Kafka %s, with the class path of their lock',
    (v) => {
      const own = readJarLock(v);
      const local = resolved({ images: 'local', kafka: v });
      const { kafka, zookeeper } = clusterImages(local);
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
