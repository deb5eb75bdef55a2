import { describe, expect, it } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import { flagLayer, type ShapeOptions } from '../../src/spec/flags.js';
import { resolveSpec } from '../../src/spec/resolve.js';

function problemsOf(flags: ShapeOptions & { name?: string }): readonly string[] {
  try {
    resolveSpec([flagLayer(flags)]);
    return [];
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    expect(error.kind).toBe('invalidSpec');
    return error.details;
  }
}

describe('resolveSpec', () => {
  it('fills in defaults', () => {
    expect(resolveSpec([]).spec).toEqual({
      version: 1,
      name: 'kcluster',
      images: 'published',
      ports: 'fixed',
      profile: 'fast',
      zookeeper: { servers: 1, observers: 0, evenEnsemble: false, port: 2181, settings: {} },
      kafka: { brokers: 1, port: 9092, racks: [], settings: {}, perBroker: {} },
      listeners: { networks: [] },
      topics: {},
    });
  });

  it('takes a value from the strongest layer that has it', () => {
    const { spec } = resolveSpec([
      flagLayer({ brokers: 3 }),
      flagLayer({ brokers: 2, kafkaPort: 19092 }),
      flagLayer({ images: 'local' }),
    ]);
    expect(spec).toMatchObject({ kafka: { brokers: 3, port: 19092 }, images: 'local' });
  });

  it.each([
    [{ name: 'Not_Docker' }, /^--name: a name is 1 to 40 lower-case letters.*"Not_Docker"/],
    [{ name: '-x' }, /^--name/],
    [{ name: '' }, /^--name/],
    [{ name: 'x'.repeat(41) }, /^--name/],
    [{ brokers: 0 }, /^--brokers: the number of brokers is 1 to 9, not 0/],
    [{ brokers: 10 }, /^--brokers/],
    [{ brokers: 1.5 }, /^--brokers: .*whole number/],
    [{ brokers: 'many' }, /^--brokers: .*not "many"/],
    [{ zookeepers: 8 }, /^--zookeepers: the number of ZooKeepers is 1 to 7/],
    [{ zookeepers: 2 }, /^--zookeepers: .*survives no more failures.*--even-ensemble/],
    [{ kafkaPort: 70000 }, /^--kafka-port: a port is 1 to 65535, not 70000/],
    [{ zookeeperPort: 0 }, /^--zookeeper-port: a port is 1 to 65535/],
    [{ kafkaPort: 65535, brokers: 3 }, /^--kafka-port: 3 ports from 65535 on go beyond 65535/],
    [{ kafkaPort: 2181 }, /^--kafka-port: brokers take 2181 and ZooKeepers 2181, which overlap/],
    [{ advertise: 'kafka.lan' }, /^--advertise: needs --bind ADDRESS/],
    [{ bind: '0.0.0.0' }, /^--bind: needs --advertise HOST/],
    [{ advertise: 'localhost', bind: '0.0.0.0' }, /^--advertise: other machines would take it/],
    [{ advertise: '127.0.1.1', bind: '0.0.0.0' }, /^--advertise: other machines would take it/],
    [{ advertise: 'localhost', bind: '192.168.1.5' }, /^--advertise: other machines would take it/],
    [{ advertise: '0.0.0.0', bind: '127.0.0.1' }, /^--advertise: other machines would take it/],
    [{ bind: 'eth0', advertise: 'kafka.lan' }, /^--bind: an address to bind is an IPv4 address/],
    [{ dockerHost: 'docker0' }, /^--docker-host: an address to bind is an IPv4 address/],
    [{ network: ['apps', 'web', 'apps'] }, /^--network: "apps" is named twice/],
    [{ network: ['bridge'] }, /^--network: on the network "bridge".*--docker-host/],
    [{ network: ['host'] }, /^--network: "host" is no network that a container can join/],
    [{ network: ['kcluster_default'] }, /^--network: .* is the cluster's own network/],
    [{ network: ['--privileged'] }, /^--network: a network is named as `docker network ls` does/],
    [{ ports: 'any' }, /^--ports: ports are "fixed" or "auto", not "any"/],
    [{ images: 'mine' }, /^--images: images are one of published, .*, local, not "mine"/],
  ])('refuses %j', (input, expected) => {
    const problems = problemsOf(input);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it('names every problem at once', () => {
    const problems = problemsOf({ name: 'A', brokers: 99, kafkaPort: -1 });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      '--name',
      '--brokers',
      '--kafka-port',
    ]);
  });

  it('accepts an even ensemble that is asked for', () => {
    expect(
      resolveSpec([flagLayer({ zookeepers: 2, evenEnsemble: true })]).spec.zookeeper.servers,
    ).toBe(2);
  });

  it('lets programs of this machine come in by a loopback name', () => {
    expect(problemsOf({ advertise: 'localhost', bind: '127.0.0.1' })).toEqual([]);
  });

  it('lets free ports overlap nothing', () => {
    expect(problemsOf({ ports: 'auto', kafkaPort: 2181 })).toEqual([]);
  });
});
