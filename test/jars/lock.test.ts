import { describe, expect, test } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import { defaultKafkaVersion, readJarLock } from '../../src/jars/lock.js';

describe('readJarLock', () => {
  const lock = readJarLock(defaultKafkaVersion);
  const names = lock.jars.map(({ coordinates }) => coordinates.split(':').slice(0, 2).join(':'));

  test('has the versions of what it runs', () => {
    expect(lock.kafka).toBe(defaultKafkaVersion);
    expect(lock.jars.map((jar) => jar.coordinates)).toEqual(
      expect.arrayContaining([
        `org.apache.kafka:kafka_2.13:${lock.kafka}`,
        `org.apache.zookeeper:zookeeper:${lock.zookeeper}`,
      ]),
    );
  });

  test('is in the order of the paths, with each artifact once', () => {
    const paths = lock.jars.map(({ path }) => path);
    expect(paths).toEqual(paths.toSorted());
    expect(new Set(names).size).toBe(names.length);
  });

  test('pins every jar by what it is', () => {
    for (const { coordinates, path, sha256, size } of lock.jars) {
      const [group = '', artifact = '', version = ''] = coordinates.split(':');
      const directory = `${group.replaceAll('.', '/')}/${artifact}/${version}`;
      expect(path.startsWith(`${directory}/${artifact}-${version}`)).toBe(true);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(size).toBeGreaterThan(0);
    }
  });

  test('has one back end for the logger, the one that log4j.properties is for', () => {
    expect(names).toContain('org.slf4j:slf4j-reload4j');
    expect(names.filter((name) => /logback|log4j-core|slf4j-simple/.test(name))).toEqual([]);
  });

  test.each(['3.8.1', '../../package', ''])(
    'refuses version "%s" and names what there is',
    (version) => {
      const read = (): unknown => readJarLock(version);
      expect(read).toThrow(KclusterError);
      expect(read).toThrow(`Kafka ${version} is not a version that kcluster pins`);
      try {
        read();
      } catch (error) {
        expect((error as KclusterError).kind).toBe('invalidSpec');
        expect((error as KclusterError).hints[0]).toContain(defaultKafkaVersion);
      }
    },
  );
});
