import { describe, expect, it } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import { flagLayer, type ShapeOptions } from '../../src/spec/flags.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { fileLayer } from '../../src/spec/yaml-file.js';

/** The failure of a file, as it is printed. */
function diagnosis(
  text: string,
  flags: ShapeOptions = {},
  env: Record<string, string> = {},
): string {
  try {
    resolveSpec([flagLayer(flags), fileLayer('kcluster.yaml', text, env)]);
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    expect(error.kind).toBe('invalidSpec');
    const { message, details, hints } = error;
    return [message, ...details, ...hints.map((hint) => `hint: ${hint}`), ''].join('\n');
  }
  throw new Error('the file is fine');
}

const manyMistakes = `version: 2
name: Orders
nmae: orders
images: mine
ports: any
brokers: 3
zookeeper:
  servers: two
  observers: 7
  port: 70000
  evenEnsemble: yes
  image: zookeeper 3.9
  observer: 1
  settings:
    tickTime:
    clientPort: 2181
    dataDir: /data
    server.1: localhost:2888:3888
    peerType: observer
  heap: 1 GB
  jvmOptions: -Xss1m
kafka:
  version: three
  brokers: \${BROKERS}
  brokers: 3
  port: 0
  racks: [east, null, 3, "", [west]]
  settings:
    process.roles: broker,controller
    node.id: 1
    controller.quorum.voters: 1@localhost:9093
    controller.listener.names: CONTROLLER
    metadata.log.dir: /tmp
    zookeeper.metadata.migration.enable: true
    broker.id: 4
    broker.rack: east
    zookeeper.connect: localhost
    listeners: PLAINTEXT://:9092
    advertised.host.name: box
    inter.broker.listener.name: HOST
    log.dirs: /tmp/kafka-logs
    not a setting: 1
    message.max.bytes: [1]
    log.retention.bytes: "1\\n2"
  perBroker:
    0: {}
    two: {rack: east}
    2:
      rak: west
      settings: {broker.id: 2}
listeners:
  advertise: "box:9092"
  bind: localhost
  networks: shop
topics:
  "bad name": {}
  orders: {partitions: 0, replicas: 3, config: {a b: 1}, seed: ""}
  payments: 3
unheardOf: true
`;

describe('what is wrong with a file', () => {
  it.each<[name: string, text: string, flags?: ShapeOptions, env?: Record<string, string>]>([
    ['many-mistakes', manyMistakes],
    ['crlf', 'name: orders\r\nkafka:\r\n  brokers: many\r\n  prot: 9092\r\n'],
    ['bom', '\uFEFFbrokers: 3\nname: ""\n'],
    [
      'columns',
      // Wide characters, those that join others, and those outside of the basic plane.
      '# größer\nkafka: {racks: [東京, "", 😀], "größe": 1, heap: é}\n\'e\u0301te\u0301\': {größe: 1}\n',
    ],
    [
      'long-lines',
      `kafka: {racks: [${'east, '.repeat(40)}"", ${'west, '.repeat(40)}a]}\nname: ${'n'.repeat(500)}\n${'k'.repeat(300)}: 1\n`,
    ],
    ['control-characters', 'kafka:\n  heap: "\\e[31m\x1b[31mred"\n"\x1b]0;title\x07": 1\n'],
    [
      'numbers',
      'kafka: {brokers: 99999999999999999999, port: 9092.5, heap: 512, version: .inf}\nzookeeper: {servers: 0x3, port: -0, observers: .nan}\n',
    ],
    [
      'prototype-keys',
      '__proto__: {polluted: 1}\nconstructor: 1\nkafka: {toString: 1, settings: {__proto__: 1}}\ntopics: {__proto__: {}, hasOwnProperty: 3}\n',
    ],
    ['flow-variable', 'kafka:\n  racks: [${A}, b]\n'],
    ['key-nodes', '? [a, b]\n: 1\n? &k kafka\n: {}\n? *k\n: {}\n'],
    ['null-keys', 'kafka:\n  settings:\n    log.retention.ms:\n  brokr:\n? \n: 2\n'],
    [
      'variables',
      'name: ${NAME}\nkafka:\n  brokers: ${BROKERS:?say how many}\n  port: ${PORT}\n  racks: ["${RACK", $]\n  heap: ${HEAP}\n  settings: {a: "$PRICE", b: 5$}\n',
      {},
      { PORT: '9o92', HEAP: '' },
    ],
    [
      'duplicate-keys',
      'name: a\nkafka: {brokers: 1, port: 9092, brokers: 2}\nname: b\nkafka:\n  port: 1\ntopics:\n  t: {}\n  "t": {}\n',
    ],
    [
      'aliases',
      'kafka: &k\n  brokers: many\n  perBroker:\n    1: &one {rack: "", heap: 1}\n    2: *one\n    3:\n      <<: *one\n      rack: ok\nzookeeper:\n  <<: *k\n  servers: 1\n',
    ],
    [
      'bad-aliases',
      'kafka: &k\n  racks: [*k]\n  heap: *nothing\nzookeeper:\n  <<: 3\n  <<: [*k, 4]\n',
    ],
    ['tabs', 'kafka:\n\tbrokers: 3\n'],
    ['bad-yaml', 'kafka:\n  brokers: 3\n port: 1\n  racks: [a, b\nname: a: b\n'],
    ['open-quote', 'name: "orders\nkafka:\n  brokers: 3\n\n# the end\n\n'],
    ['deep', `kafka: ${'['.repeat(5000)}\n`],
    [
      'many-aliases',
      'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n',
    ],
    ['two-documents', 'name: a\n---\nname: b\n'],
    ['a-list', '# brokers\n- kafka\n- zookeeper\n'],
    ['a-word', 'kafka\n'],
    ['tags', 'name: !env NAME\nkafka: !!set {brokers}\n'],
    ['utf-16', 'n\0a\0m\0e\0:\0 \0a\0\n\0'],
    [
      'rules',
      'zookeeper: {servers: 4, observers: 6}\nkafka:\n  version: 4.1\n  brokers: 2\n  port: 2183\n  perBroker:\n    3: {rack: a}\nlisteners:\n  advertise: box.example\ntopics:\n  orders: {replication: 3}\n',
    ],
    [
      'flags-and-file',
      'zookeeper: {servers: 2}\nkafka: {brokers: 3}\ntopics: {orders: {replication: 3}}\n',
      { brokers: 2, zookeeperPort: 65_535 },
    ],
    [
      'rules-of-flags',
      'kafka: {port: 65535}\nlisteners: {bind: 0.0.0.0}\n',
      { brokers: 3, zookeepers: 4 },
    ],
  ])('%s', async (name, text, flags, env) => {
    await expect(diagnosis(text, flags, env)).toMatchFileSnapshot(
      `../goldens/diagnostics/${name}.txt`,
    );
  });

  it.each([
    ['an empty file', ''],
    ['comments alone', '# kafka:\n#   brokers: 3\n'],
    ['an end of a document', '---\n...\n'],
    ['sections that are commented out', 'kafka:\n  # brokers: 3\n\nlisteners:\ntopics:\n'],
  ])('is nothing with %s', (_what, text) => {
    const { spec } = resolveSpec([fileLayer('kcluster.yaml', text, {})]);
    expect(spec).toEqual(resolveSpec([]).spec);
  });
});

describe('what a file says', () => {
  const specOf = (text: string, env: Record<string, string> = {}) =>
    resolveSpec([fileLayer('kcluster.yaml', text, env)]).spec;

  it('has variables filled in, as the types that YAML would read', () => {
    const text =
      'name: ${N}\nkafka:\n  brokers: ${B}\n  settings: {a: $B, b: "${B}", c: $$5}\nzookeeper:\n  evenEnsemble: ${E:-true}\n  servers: ${Z:-}\n';
    expect(specOf(text, { N: 'orders', B: '3' })).toMatchObject({
      name: 'orders',
      kafka: { brokers: 3, settings: { a: '3', b: '3', c: '$5' } },
      zookeeper: { evenEnsemble: true, servers: 1 },
    });
  });

  it('has numbers as they are written where they are text', () => {
    const text =
      'kafka:\n  version: 3.0\n  racks: [1, 2.50]\n  settings:\n    inter.broker.protocol.version: 3.0\n    a: 9223372036854775807\n    b: 1e3\n    c: 0x10\n    d: 0.50\n    e: -1\n    f: true\n';
    expect(specOf(text).kafka).toMatchObject({
      version: '3.0',
      racks: ['1', '2.50'],
      settings: {
        'inter.broker.protocol.version': '3.0',
        a: '9223372036854775807',
        b: '1e3',
        c: '0x10',
        d: '0.50',
        e: '-1',
        f: 'true',
      },
    });
  });

  it('has topics and brokers that are only named', () => {
    const { topics, kafka } = specOf(
      'kafka: {brokers: 2, perBroker: {2: }}\ntopics:\n  orders:\n  payments: {partitions: 3}\n',
    );
    expect(topics).toEqual({
      orders: { config: {} },
      payments: { partitions: 3, config: {} },
    });
    expect(kafka.perBroker).toEqual({ 2: { settings: {} } });
  });

  it('has anchors and merge keys resolved', () => {
    const text =
      'kafka:\n  brokers: 2\n  perBroker:\n    1: &one {rack: a, heap: 1g}\n    2: {<<: *one, rack: b}\n';
    expect(specOf(text).kafka.perBroker).toMatchObject({
      1: { rack: 'a', heap: '1g' },
      2: { rack: 'b', heap: '1g' },
    });
  });

  it('is YAML 1.2, also under a directive for 1.1', () => {
    expect(
      specOf('%YAML 1.1\n---\nkafka: {settings: {a: yes, b: 0o17, c: 12:30}}\n').kafka.settings,
    ).toEqual({
      a: 'yes',
      b: '0o17',
      c: '12:30',
    });
  });

  it('is told from where it was written', () => {
    const layer = fileLayer('f.yaml', 'kafka:\n  brokers: 3\n  racks: [a, b]\n', {});
    expect(layer.place(['kafka', 'brokers']).label).toBe('f.yaml:2:12');
    expect(layer.place(['kafka', 'brokers'], 'key').label).toBe('f.yaml:2:3');
    expect(layer.place(['kafka', 'racks']).label).toBe('f.yaml:3:3');
    expect(layer.place(['kafka', 'racks', '1']).label).toBe('f.yaml:3:14');
    expect(layer.place(['kafka', 'port']).label).toBe('f.yaml:1:1');
  });
});
