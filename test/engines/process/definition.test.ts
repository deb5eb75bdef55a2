import { expect, test } from 'vitest';
import type { ComposeService } from '../../../src/compose/document.js';
import { javaArguments, javaEnvironment } from '../../../src/engines/process/command-line.js';
import { checkDefinition } from '../../../src/engines/process/definition.js';
import { findImage, resolveImage } from '../../../src/engines/process/image.js';
import { hostPath, withHostPaths } from '../../../src/engines/process/node-paths.js';
import { brokerService, zooKeeperService } from './documents.js';

const broker = brokerService(21810, 21920);

test('the documents of kcluster for local processes pass', () => {
  checkDefinition('broker-1', broker);
  checkDefinition('zookeeper-1', zooKeeperService(1, 2, 3));
  expect(findImage(broker.image)).toMatchObject({ role: 'kafka' });
});

const bridged = { ...broker };
delete bridged.network_mode;

test.each<[string, ComposeService]>([
  ['network_mode', bridged],
  ['ports', { ...broker, ports: ['127.0.0.1:9092:9092'] }],
  ['networks', { ...broker, networks: { apps: null } }],
  ['extra_hosts', { ...broker, extra_hosts: ['host.docker.internal:host-gateway'] }],
  ['hostname', { ...broker, hostname: 'broker-1' }],
  ['image', { ...broker, image: 'confluentinc/cp-kafka:7.9.10' }],
  ['image', { ...broker, image: 'kcluster/kafka:1.0.0' }],
  ['image', { ...broker, image: 'kcluster/kafka' }],
  ['image', { ...broker, image: 'kcluster/kafka:../x' }],
])('services.broker-1.%s is refused by name', (key, definition) => {
  expect(() => checkDefinition('broker-1', definition)).toThrow(
    expect.objectContaining({
      kind: 'invalidSpec',
      message: expect.stringContaining(`services.broker-1.${key}:`) as string,
    }),
  );
});

test('a foreign image names those that run', () => {
  expect(() => resolveImage('zookeeper:3.9.5', 'image')).toThrow(
    expect.objectContaining({
      message: 'image zookeeper:3.9.5 does not run as a local process',
      hints: expect.arrayContaining([expect.stringContaining(broker.image)]) as string[],
    }),
  );
});

const mounts = [
  { directory: '/v/data', target: '/var/lib/kafka' },
  { directory: '/v/deep', target: '/var/lib/kafka/deep' },
];

test.each([
  ['/var/lib/kafka', '/v/data'],
  ['/var/lib/kafka/', '/v/data'],
  ['/var/lib/kafka/a', '/v/data/a'],
  ['/var/lib/kafka/deep/a', '/v/deep/a'],
  ['/var/lib/kafka-2', '/node/own/var/lib/kafka-2'],
  ['/var/lib/kafka/../../../../etc', '/node/own/etc'],
  ['relative', 'relative'],
])('%s is %s on this machine', (path, expected) => {
  expect(hostPath(path, mounts, '/node/own')).toBe(expected);
});

test('lists of paths, and only the variables that carry paths, are mapped', () => {
  const env = { A: '/a, /b', B: '/a', C: '' };
  expect(withHostPaths(env, ['A', 'C', 'D'], (path) => `/x${path}`)).toEqual({
    env: { A: '/x/a,/x/b', B: '/a', C: '' },
    directories: ['/x/a', '/x/b'],
  });
});

test('the command line begins with the marker; options of the environment are split, not interpreted', () => {
  const { image } = findImage(broker.image)!;
  const env = { KAFKA_HEAP_OPTS: ' -Xmx1g\n-Xms1g ', KAFKA_OPTS: '-Da=$HOME -Db=*' };
  const setup = { env, configuration: '/s/n/server.properties' };
  expect(
    javaArguments(
      '/s/n x',
      image,
      setup,
      ['/j/a.jar', '/j/b.jar'],
      ['-XX:SharedArchiveFile=classes.jsa'],
    ),
  ).toEqual([
    '-Dkcluster.node=/s/n%20x',
    '-Dlog4j.configuration=file:///s/n%20x/log4j.properties',
    '-cp',
    '/j/a.jar:/j/b.jar',
    '-XX:SharedArchiveFile=classes.jsa',
    '-Xmx1g',
    '-Xms1g',
    '-Da=$HOME',
    '-Db=*',
    'kafka.Kafka',
    '/s/n/server.properties',
  ]);
});

test('a JVM gets little of the environment of the caller', () => {
  const caller = { PATH: '/bin', HOME: '/h', JAVA_TOOL_OPTIONS: '-Dx', KAFKA_OPTS: '-Dy' };
  expect(javaEnvironment(caller, { KAFKA_BROKER_ID: '1', HOME: '/own' })).toEqual({
    PATH: '/bin',
    LC_CTYPE: 'C.UTF-8',
    HOME: '/own',
    KAFKA_BROKER_ID: '1',
  });
});
