import { describe, expect, test } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import {
  defaultKafkaVersion,
  pinnedLines,
  pinnedVersion,
  pinnedVersions,
  readJarLock,
  zooKeeperJars,
  type JarLock,
} from '../../src/jars/lock.js';

const locks = pinnedVersions().map(readJarLock);

describe.each(locks)('the lock of Kafka $kafka', (lock) => {
  const names = lock.jars.map(({ coordinates }) => coordinates.split(':').slice(0, 2).join(':'));

  test('has the versions of what it runs', () => {
    expect(lock.jars.map((jar) => jar.coordinates)).toEqual(
      expect.arrayContaining([
        `org.apache.kafka:kafka_2.13:${lock.kafka}`,
        `org.apache.kafka:kafka-clients:${lock.kafka}`,
        `org.apache.zookeeper:zookeeper:${lock.zookeeper}`,
        `org.apache.zookeeper:zookeeper-jute:${lock.zookeeper}`,
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
      expect(path).toBe(`${directory}/${artifact}-${version}.jar`);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(size).toBeGreaterThan(1000);
    }
  });

  test('is of the size that was measured', () => {
    const bytes = lock.jars.reduce((sum, { size }) => sum + size, 0);
    expect(bytes).toBeGreaterThan(30e6);
    expect(bytes).toBeLessThan(43e6);
  });

  test('has one back end for the logger, the one that log4j.properties is for', () => {
    expect(names).toEqual(
      expect.arrayContaining(['org.slf4j:slf4j-api', 'ch.qos.reload4j:reload4j']),
    );
    const backEnds = names.filter((name) => /log4j|load4j|logback|:slf4j-(?!api)/.test(name));
    expect(backEnds).toEqual(['ch.qos.reload4j:reload4j', 'org.slf4j:slf4j-reload4j']);
  });

  test('has one SLF4J', () => {
    const versions = lock.jars
      .filter(({ coordinates }) => coordinates.startsWith('org.slf4j:'))
      .map(({ coordinates }) => coordinates.split(':')[2]);
    expect(new Set(versions).size).toBe(1);
  });

  test('has what a ZooKeeper of its version needs among the jars of ZooKeeper', () => {
    const own = zooKeeperJars(lock).map(({ coordinates }) => coordinates.split(':')[1]);
    expect(own).toEqual(expect.arrayContaining(['netty-handler', 'snappy-java', 'reload4j']));
    // Both are used since ZooKeeper 3.6.
    if (lock.zookeeper !== '3.5.9') expect(own).toContain('metrics-core');
    expect(own).not.toContain('kafka-clients');
  });
});

test('locks with one version of ZooKeeper have the same jars of it', () => {
  const first = new Map<string, JarLock>();
  for (const lock of locks) {
    const other = first.get(lock.zookeeper) ?? lock;
    expect(zooKeeperJars(lock)).toEqual(zooKeeperJars(other));
    first.set(lock.zookeeper, other);
  }
  expect([...first.keys()]).toEqual(['3.5.9', '3.6.4', '3.8.4']);
});

test('jars of the same name have the same content in every lock', () => {
  const known = new Map<string, string>();
  for (const { path, sha256 } of locks.flatMap(({ jars }) => jars)) {
    expect(known.get(path) ?? sha256).toBe(sha256);
    known.set(path, sha256);
  }
});

describe('pinnedVersion', () => {
  test.each([
    ['3.5', '3.5.2'],
    ['3.9', '3.9.2'],
    ['2.8', '2.8.2'],
    ['3', '3.9.2'],
    ['2', '2.8.2'],
  ])('%s is %s', (wish, version) => {
    expect(pinnedVersion(wish)).toBe(version);
  });

  test.each(pinnedVersions())('%s is itself', (version) => {
    expect(pinnedVersion(version)).toBe(version);
  });

  test('the default is pinned, and is of the last line', () => {
    expect(pinnedVersion(pinnedLines().at(-1)!)).toBe(defaultKafkaVersion);
  });

  test.each(['3.5.1', '3.5.20', '3.5.', '4.0', '3.50', '', '../../package', 'v3.5'])(
    'refuses "%s" and names what there is',
    (wish) => expectRefused(() => pinnedVersion(wish), wish),
  );

  test('names the nearest', () => {
    expect(refusal(() => pinnedVersion('3.5.1')).hints[0]).toBe('The nearest is 3.5.2.');
  });
});

describe('readJarLock', () => {
  test.each(['3.8', '3.8.0', '../../package', ''])(
    'refuses version "%s" and names what there is',
    (version) => expectRefused(() => readJarLock(version), version),
  );
});

function expectRefused(work: () => unknown, version: string): void {
  const error = refusal(work);
  expect(error.kind).toBe('invalidSpec');
  expect(error.message).toBe(`Kafka ${version} is not a version that kcluster pins`);
  expect(error.hints.at(-1)).toContain(pinnedVersions().join(', '));
}

function refusal(work: () => unknown): KclusterError {
  try {
    work();
  } catch (error) {
    if (error instanceof KclusterError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
