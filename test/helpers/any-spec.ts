import fc from 'fast-check';
import { namePattern } from '../../src/spec/name.js';
import { isTree, type SpecTree } from '../../src/spec/path.js';

/** Keys that may all be left out. */
function optional(values: Record<string, fc.Arbitrary<unknown>>) {
  const entries = Object.entries(values).map(
    ([key, value]) => [key, fc.option(value, { nil: undefined })] as const,
  );
  return Object.fromEntries(entries);
}

function withoutUndefined(tree: object): SpecTree {
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]: [string, unknown]) => [
        key,
        isTree(value) ? withoutUndefined(value) : value,
      ]),
  );
}

/** One line. */
const anyText = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replaceAll(/[\0-\x1f]/g, ''));
const anyName = anyText.filter((text) => text !== '');
const anyPort = fc.integer({ min: 1, max: 65_520 });

/** Those that every image can be told, and that say nothing of who a node is. */
const kafkaSettings = fc.dictionary(
  fc.stringMatching(/^(log|quota|my_own)[.-][a-z]{1,8}(\.ms)?$/),
  fc.oneof(anyText, fc.integer(), fc.boolean()),
  { maxKeys: 4 },
);
const zooKeeperSettings = fc.record(
  {
    tickTime: fc.integer({ min: 1000, max: 4000 }),
    snapCount: fc.integer({ min: 2, max: 100_000 }),
    quorumListenOnAllIPs: fc.boolean(),
  },
  { requiredKeys: [] },
);

const jvm = {
  heap: fc.stringMatching(/^[1-9]\d{0,2}[kKmMgG]$/),
  jvmOptions: fc.array(fc.constantFrom('-Xss1m', '-XX:+UseG1GC', '-Dmine=$x'), { maxLength: 3 }),
};
const anyRack = fc.oneof(anyName, fc.integer());

const anyZooKeeper = fc
  .record({
    servers: fc.integer({ min: 1, max: 7 }),
    observers: fc.integer({ min: 0, max: 6 }),
    ...optional({
      port: anyPort,
      image: fc.constantFrom('zookeeper:3.9.5', 'mirror.example:5000/library/zookeeper:3.8.6'),
      settings: zooKeeperSettings,
      ...jvm,
    }),
  })
  .filter(({ servers, observers }) => observers === 0 || (servers > 1 && servers + observers <= 9))
  .map((each) => ({ ...each, ...(each.servers % 2 === 0 && { evenEnsemble: true }) }));

function kafkaOf(brokers: number) {
  const ids = fc.integer({ min: 1, max: brokers }).map(String);
  const oneBroker = fc.record(optional({ rack: anyRack, settings: kafkaSettings, ...jvm }));
  return fc.record({
    brokers: fc.constant(brokers),
    ...optional({
      version: fc.constantFrom('3.9', 3.9),
      port: anyPort,
      image: fc.constantFrom('confluentinc/cp-kafka:7.9.10', 'kcluster/kafka:3.9.2'),
      racks: fc.array(anyRack, { maxLength: 4 }),
      settings: kafkaSettings,
      perBroker: fc.dictionary(ids, oneBroker, { maxKeys: brokers }),
      ...jvm,
    }),
  });
}

const anyListeners = fc
  .record({
    external: fc.option(fc.record({ advertise: fc.domain(), bind: fc.ipV4() }), { nil: {} }),
    ...optional({
      dockerHost: fc.ipV4(),
      networks: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_.-]{0,12}$/), { maxLength: 3 }),
    }),
  })
  .map(({ external, ...others }) => ({ ...external, ...others }));

function topicsOf(brokers: number) {
  const topic = fc.record(
    optional({
      partitions: fc.integer({ min: 1, max: 10_000 }),
      replication: fc.integer({ min: 1, max: brokers }),
      config: kafkaSettings,
      seed: fc.constant('seeds/orders.jsonl'),
    }),
  );
  return fc.dictionary(fc.stringMatching(/^[a-zA-Z0-9._-]{0,20}[a-z]$/), topic, { maxKeys: 4 });
}

/** Any specification that can be made, as a file has it; every key of the schema may be there. */
export const anySpec: fc.Arbitrary<SpecTree> = fc
  .integer({ min: 1, max: 9 })
  .chain((brokers) =>
    fc.record({
      ...optional({
        version: fc.constant(1),
        name: fc.stringMatching(namePattern),
        images: fc.constantFrom('published', 'confluent', 'local'),
        ports: fc.constantFrom('fixed', 'auto'),
        profile: fc.constantFrom('fast', 'production-like'),
        listeners: anyListeners,
        topics: topicsOf(brokers),
      }),
      zookeeper: anyZooKeeper,
      kafka: kafkaOf(brokers),
    }),
  )
  .map(withoutUndefined)
  .filter(({ kafka, zookeeper }) => {
    const { port: first = 9092 } = kafka as { port?: number };
    const { port: other = 2181 } = zookeeper as { port?: number };
    return Math.abs(first - other) > 10;
  });
