import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kafkaProperties } from '../../src/images/environment.js';
import type { BrokerSetup, KafkaFamily } from '../../src/images/family.js';
import { localImages } from '../../src/images/local.js';
import { kafkaFamilies } from '../../src/images/recognise.js';
import { apacheKafka } from '../../src/images/vendors/apache.js';
import { bitnamiKafka } from '../../src/images/vendors/bitnami.js';
import { confluentKafka } from '../../src/images/vendors/confluent.js';
import { debeziumKafka } from '../../src/images/vendors/debezium.js';
import { localKafka } from '../../src/images/vendors/kcluster.js';
import { strimziKafka } from '../../src/images/vendors/strimzi.js';
import { wurstmeisterKafka } from '../../src/images/vendors/wurstmeister.js';
import {
  bitnami,
  confluent,
  debezium,
  overrides,
  sample,
  wurstmeister,
  type BrokerRule,
} from './rules/brokers.js';

const jvm = { heap: '-Xms64m -Xmx384m', options: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1' };

const necessary = {
  'broker.id': '2',
  'zookeeper.connect': 'zookeeper-1:2181,zookeeper-2:2181',
  listeners: 'INTERNAL://:29092,HOST://:9092',
  'advertised.listeners': 'INTERNAL://broker-2:29092,HOST://127.0.0.1:9093',
  'listener.security.protocol.map': 'INTERNAL:PLAINTEXT,HOST:PLAINTEXT',
  'inter.broker.listener.name': 'INTERNAL',
};

const setupOf = (more: Readonly<Record<string, string>> = {}): BrokerSetup => ({
  id: 2,
  properties: new Map(Object.entries({ ...necessary, ...more })),
  jvm,
});

/** A family, the rule of its images, and what they add to the wished properties. */
interface Subject {
  family: KafkaFamily;
  rule: BrokerRule;
  added: Readonly<Record<string, string>>;
}

const subjects: readonly Subject[] = [
  {
    family: confluentKafka,
    rule: confluent,
    // A comma that is missing in the image's list of exceptions.
    added: { 'log.dirs': '/var/lib/kafka/data', 'heap.opts': jvm.heap },
  },
  {
    family: localKafka,
    rule: ({ environment }) => ({
      properties: kafkaProperties({ ...localImages.kafka.environment, ...environment }),
      file: '',
    }),
    added: { 'log.dirs': '/var/lib/kafka/data' },
  },
  { family: apacheKafka, rule: overrides, added: { ...sample, 'log.dirs': '/var/lib/kafka/data' } },
  { family: strimziKafka, rule: overrides, added: { ...sample, 'log.dirs': '/home/kafka/data' } },
  {
    family: wurstmeisterKafka,
    rule: wurstmeister,
    added: { ...sample, 'log.dirs': '/kafka/data', port: '9092' },
  },
  {
    family: debeziumKafka,
    rule: debezium,
    added: {
      ...sample,
      'log.dirs': '/kafka/data/2',
      'node.id': '2',
      data: '/kafka/data',
      'url.path': 'kafka/3.9.0/kafka_2.13-3.9.0.tgz',
      'heap.opts': jvm.heap,
      'jvm.performance.opts': jvm.options,
    },
  },
  {
    family: bitnamiKafka,
    rule: bitnami,
    added: {
      ...without(sample, ['zookeeper.connection.timeout.ms', 'group.initial.rebalance.delay.ms']),
      'log.dirs': '/bitnami/kafka/data',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    },
  },
];

function without(
  properties: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** Whether a container that is started twice has the wished properties both times, and no others. */
function comesOutRight({ family, rule, added }: Subject, setup: BrokerSetup): boolean {
  const expected = { ...added, ...Object.fromEntries(setup.properties) };
  try {
    const words = family.words(setup);
    const values = [...Object.values(words.environment), ...(words.command ?? [])];
    if (values.some((value) => value.includes('\0'))) return false;
    const first = rule(words);
    const second = rule(words, first.file);
    expect(Object.fromEntries(first.properties)).toEqual(expected);
    expect(Object.fromEntries(second.properties)).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}

const byName = subjects.map((subject) => [subject.family.name, subject] as const);

it('every family of brokers is looked at', () => {
  expect(subjects.map(({ family }) => family.name).toSorted()).toEqual(
    kafkaFamilies.map(({ name }) => name).toSorted(),
  );
});

describe.each(byName)('%s', (_name, subject) => {
  const { family, rule, added } = subject;

  it('makes exactly the wished properties', () => {
    const setup = setupOf({
      'offsets.topic.replication.factor': '3',
      'log.retention.ms': '-1',
      'super.users': 'User:admin;User:ops',
      'log.cleaner.dedupe.buffer.size': '8388608',
      'zookeeper.connection.timeout.ms': '60000',
    });
    expect(family.problems(setup)).toEqual([]);
    const words = family.words(setup);
    const { properties, file } = rule(words);
    const expected = { ...added, ...Object.fromEntries(setup.properties) };
    expect(Object.fromEntries(properties)).toEqual(expected);
    expect(Object.fromEntries(rule(words, file).properties)).toEqual(expected);
  });

  it('keeps its data on a volume', () => {
    const { properties } = rule(family.words(setupOf()));
    const [{ target } = { target: '?' }] = family.volumes;
    expect(`${properties.get('log.dirs')}/`).toContain(`${target}/`);
  });

  it('gives the JVM its heap and options', () => {
    const { environment } = family.words(setupOf());
    expect(environment).toMatchObject({
      KAFKA_HEAP_OPTS: jvm.heap,
      KAFKA_JVM_PERFORMANCE_OPTS: jvm.options,
    });
  });

  it('takes what comes out right, and refuses what does not', () => {
    const name = fc
      .array(
        fc.tuple(
          fc.constantFrom('log', 'flush', 'ms', 'ssl', 'x1', 'flushMs'),
          fc.constantFrom('.', '.', '.', '_', '-', '._', '__'),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((parts) => parts.flat().slice(0, -1).join(''));
    const value = fc.string({
      unit: fc.constantFrom(
        ...Array.from('aZ0 =:#!\\\n\r\t\f"\'$`*?&@%/|;\x01\0é€🐘'),
        'KAFKA_',
        '_{HOSTNAME_COMMAND}',
      ),
      maxLength: 6,
    });
    fc.assert(
      fc.property(name, value, (name, value) => {
        const setup = setupOf({ [name]: value });
        const problems = family.problems(setup);
        expect(problems).toEqual(
          comesOutRight(subject, setup) ? [] : [expect.stringMatching(`^${name}: `)],
        );
      }),
      { numRuns: 1000 },
    );
  });
});

/** What is refused of each family beyond signs in values: each comes out wrong by its rule. */
const refused: readonly [KafkaFamily, Record<string, string>][] = [
  [confluentKafka, { port: '9092' }],
  [confluentKafka, { 'advertised.host': 'h' }],
  [confluentKafka, { 'process.roles': 'broker' }],
  [confluentKafka, { opts: '-Da=b' }],
  [confluentKafka, { 'heap.opts': '-Xmx1g' }],
  [confluentKafka, { 'zookeeper.client.cnxn.socket': 'x' }],
  [confluentKafka, { 'advertised.listeners': 'INTERNAL://b:29092,SSL://h:9093' }],
  [confluentKafka, { 'advertised.listeners': 'INTERNAL://b:29092,SASL_HOST://h:9093' }],
  [localKafka, { opts: '-Da=b' }],
  [localKafka, { 'cub.zk.timeout': '1' }],
  [wurstmeisterKafka, { 'create.topics': 'a:1:1' }],
  [wurstmeisterKafka, { 'log.opts': 'x_{', 'jvm.performance.opts': '-Xmx1g' }],
  [wurstmeisterKafka, { 'listener.name.sasl_ssl.ssl.keystore.type': 'PKCS12' }],
  [wurstmeisterKafka, { 'zookeeper.clientCnxnSocket': 'x' }],
  [debeziumKafka, { port: '9092' }],
  [debeziumKafka, { data: '/elsewhere' }],
  [debeziumKafka, { 'broker.id': '3' }],
  [debeziumKafka, { 'node.id': '3' }],
  [debeziumKafka, { 'sasl.jaas.config': 'x="y" z' }],
  [bitnamiKafka, { 'process.roles': 'broker' }],
  [bitnamiKafka, { 'sasl.enabled.mechanisms': '' }],
  [bitnamiKafka, { listeners: 'INTERNAL://:29092,HOST://:992' }],
  [bitnamiKafka, { 'listener.security.protocol.map': 'INTERNAL:PLAINTEXT,HOST:SASL_PLAINTEXT' }],
  [bitnamiKafka, { 'listener.name.sasl.ssl.x': 'y' }],
];

it.each(refused.map(([family, wish]) => [family.name, wish, family] as const))(
  '%s refuses %j, which would come out wrong',
  (_name, wish, family) => {
    const subject = subjects.find((each) => each.family === family)!;
    const problems = family.problems(setupOf(wish));
    expect(problems).toEqual([expect.stringMatching(`^${Object.keys(wish).at(-1)}: `)]);
    expect(comesOutRight(subject, setupOf(wish))).toBe(false);
  },
);

/** Names beyond small letters and dots, where a family has a way for them. */
const carried: readonly [KafkaFamily, string][] = [
  [confluentKafka, 'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config'],
  [confluentKafka, 'zookeeper.clientCnxnSocket'],
  [localKafka, 'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config'],
  [localKafka, 'zookeeper.clientCnxnSocket'],
  [apacheKafka, 'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config'],
  [strimziKafka, 'zookeeper.clientCnxnSocket'],
  [bitnamiKafka, 'listener.name.sasl_ssl.ssl.keystore.type'],
  [bitnamiKafka, 'listener.name.sasl_plaintext.x'],
  [bitnamiKafka, 'zookeeper.clientCnxnSocket'],
  [debeziumKafka, 'sasl.jaas.config'],
];

it.each(carried.map(([family, name]) => [family.name, name, family] as const))(
  '%s carries %s',
  (_name, name, family) => {
    const subject = subjects.find((each) => each.family === family)!;
    const setup = setupOf({ [name]: 'org.apache.Module required username="a" password="b";' });
    expect(family.problems(setup)).toEqual([]);
    expect(comesOutRight(subject, setup)).toBe(true);
  },
);

it('debezium refuses options of the JVM that would stop a second start', () => {
  const setup = { ...setupOf(), jvm: { ...jvm, options: "-XX:OnError='kill -9 %p'" } };
  expect(debeziumKafka.problems(setup)).toEqual([
    expect.stringMatching(/^KAFKA_JVM_PERFORMANCE_OPTS: /),
  ]);
  const words = debeziumKafka.words(setup);
  const { file } = debezium(words);
  expect(() => debezium(words, file)).toThrow('sed');
});

it('wurstmeister refuses a heap that would break its start script', () => {
  const setup = { ...setupOf(), jvm: { ...jvm, heap: '-Xmx384m -Xlog:gc:/tmp/gc' } };
  expect(wurstmeisterKafka.problems(setup)).toEqual([expect.stringMatching(/^KAFKA_HEAP_OPTS: /)]);
  expect(() => wurstmeister(wurstmeisterKafka.words(setup))).toThrow('sed');
});
