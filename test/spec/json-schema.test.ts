import Ajv from 'ajv';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleNames } from '../../src/commands/example-names.js';
import { KclusterError } from '../../src/errors.js';
import { checkValues } from '../../src/spec/check.js';
import { clusterJsonSchema } from '../../src/spec/json-schema.js';
import { withKeyTable } from '../../src/spec/key-table.js';
import { leavesOf, treeOf, valueAt, without, mergeTrees } from '../../src/spec/path.js';
import type { SpecPath, SpecTree } from '../../src/spec/path.js';
import { assertValues } from '../../src/spec/resolve.js';
import { specKeys } from '../../src/spec/schema-walk.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { anySpec } from '../helpers/any-spec.js';
import { exampleText, lifted } from '../helpers/examples.js';

const file = 'templates/kcluster.schema.json';
const shipped = JSON.parse(readFileSync(file, 'utf8')) as SpecTree;
const validate = new Ajv({ allErrors: true }).compile(shipped);

/** Whether the schema takes a file, with its complaints otherwise. */
function bySchema(tree: unknown): string {
  return validate(tree) === true ? 'fine' : JSON.stringify(validate.errors);
}

/** The same, by what reads the file. */
function byParser(text: string): string {
  try {
    assertValues([fileLayer('kcluster.yaml', text, { NAME: 'orders', COUNT: '3' })]);
    return 'fine';
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    return error.details.join('\n');
  }
}

describe('what is generated', () => {
  it('the schema is what `npm run schema` writes', () => {
    expect(shipped).toEqual(clusterJsonSchema());
  });

  it('the table of the README is what `npm run schema` writes', async () => {
    const readme = readFileSync('README.md', 'utf8');
    const written = await format(withKeyTable(readme), {
      ...(await resolveConfig('README.md')),
      parser: 'markdown',
    });
    expect(written).toBe(readme);
  });

  it('explains every key', () => {
    expect(specKeys().filter(({ description }) => description === '')).toEqual([]);
    const missing: string[] = [];
    const walk = (schema: SpecTree, path: SpecPath): void => {
      const entries = Object.entries((schema['properties'] ?? {}) as Record<string, SpecTree>);
      for (const [key, inner] of entries) {
        if (typeof inner['description'] !== 'string') missing.push([...path, key].join('.'));
        walk(inner, [...path, key]);
      }
      const others = schema['additionalProperties'];
      if (typeof others === 'object') walk(others as SpecTree, [...path, '*']);
    };
    walk(shipped, []);
    expect(missing).toEqual([]);
  });

  it('is a schema of draft 7 that needs nothing else', () => {
    expect(shipped['$schema']).toBe('http://json-schema.org/draft-07/schema#');
    const references = JSON.stringify(shipped).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(new Set(references)).toEqual(new Set(['"$ref":"#/definitions/variable"']));
  });
});

describe('the schema and what reads the file agree', () => {
  it.each(exampleNames.flatMap((name) => [exampleText(name), lifted(exampleText(name))]))(
    'on an example',
    (text) => {
      expect(bySchema(parse(text))).toBe('fine');
      expect(byParser(text)).toBe('fine');
    },
  );

  it.each([
    'kafka:\n',
    'zookeeper:\nkafka:\n  settings:\n  racks:\ntopics:\nlisteners:\n',
    'name: ${NAME}\nkafka:\n  brokers: ${COUNT}\n  heap: ${HEAP:-512m}\n  racks: ["${NAME}"]\n',
    'images: ${IMAGES:-local}\nlisteners: {networks: ["${NAME}_default"]}\nports: "${PORTS:-auto}"\n',
    'kafka: {version: 3.9, racks: [1, a], settings: {a: 1, b: true, c: x, d: 1.5}}\n',
    'topics: {"a.b_c-D": {partitions: 10000, config: {x: 1}}}\n',
  ])('on %j, which is fine', (text) => {
    expect(bySchema(parse(text))).toBe('fine');
    expect(byParser(text)).toBe('fine');
  });

  it.each([
    'version: 2',
    'name: Orders',
    'name: ""',
    `name: ${'x'.repeat(41)}`,
    'name: 3',
    'nmae: orders',
    'images: mine',
    'ports: any',
    'brokers: 3',
    'zookeeper: 3',
    'zookeeper: []',
    'zookeeper: {servers: 0}',
    'zookeeper: {servers: 8}',
    'zookeeper: {servers: 1.5}',
    'zookeeper: {servers: three}',
    'zookeeper: {observers: 7}',
    'zookeeper: {evenEnsemble: maybe}',
    'zookeeper: {port: 65536}',
    'zookeeper: {image: "a b"}',
    'zookeeper: {settings: {clientPort: 2181}}',
    'zookeeper: {settings: {server.1: x}}',
    'zookeeper: {settings: {"a b": 1}}',
    'zookeeper: {settings: {tickTime: }}',
    'zookeeper: {settings: {tickTime: [1]}}',
    'zookeeper: {heap: 512}',
    'zookeeper: {heap: 0m}',
    'zookeeper: {jvmOptions: -Xss1m}',
    'zookeeper: {jvmOptions: [Xss1m]}',
    'kafka: {version: three}',
    'kafka: {version: 3.9.2.1}',
    'kafka: {brokers: 10}',
    'kafka: {port: 0}',
    'kafka: {racks: [""]}',
    'kafka: {racks: [[a]]}',
    'kafka: {racks: "a, b"}',
    'kafka: {settings: {process.roles: broker}}',
    'kafka: {settings: {node.id: 1}}',
    'kafka: {settings: {controller.quorum.voters: x}}',
    'kafka: {settings: {advertised.listeners: x}}',
    'kafka: {settings: {log.dir: /x}}',
    'kafka: {settings: {x: "1\\n2"}}',
    'kafka: {perBroker: {10: {}}}',
    'kafka: {perBroker: {1: {settings: {broker.id: 2}}}}',
    'kafka: {perBroker: {1: {port: 9092}}}',
    'listeners: {advertise: "a:9092"}',
    'listeners: {bind: localhost}',
    'listeners: {bind: 1.2.3}',
    'listeners: {dockerHost: 256.1.1.1}',
    'listeners: {networks: shop}',
    'listeners: {networks: ["a b"]}',
    'topics: {"a b": {}}',
    'topics: {"..": {}}',
    'topics: {a: 3}',
    'topics: {a: {partitions: 0}}',
    'topics: {a: {partition: 3}}',
    'topics: {a: {replication: 10}}',
    'topics: {a: {config: {x: {}}}}',
    'topics: {a: {seed: ""}}',
    'kafka',
    '[kafka]',
  ])('on %j, which is not', (text) => {
    expect(bySchema(parse(text))).not.toBe('fine');
    expect(byParser(text)).not.toBe('fine');
  });

  it('on any specification that can be made', () => {
    fc.assert(
      fc.property(anySpec, (tree) => {
        expect(bySchema(tree)).toBe('fine');
      }),
    );
  });

  it('on any with values that somebody has changed', () => {
    const trees = fc.sample(anySpec, 40);
    fc.assert(
      fc.property(fc.constantFrom(...trees), fc.nat(), anyValue, (tree, place, value) => {
        const leaves = [...leavesOf(tree), ...sections];
        const path = leaves[place % leaves.length]!;
        const changed = mergeTrees(treeOf(path, value), without(tree, [path]));
        fc.pre(!isFreer(changed));
        const { problems = [] } = checkValues(changed);
        expect([bySchema(changed) === 'fine', JSON.stringify(changed)]).toEqual([
          problems.length === 0,
          JSON.stringify(changed),
        ]);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);
});

const sections = [
  ['zookeeper'],
  ['kafka'],
  ['listeners'],
  ['topics'],
  ['unheardOf'],
  ['kafka', 'prt'],
];

/** Values that are right somewhere, and others. */
const anyValue = fc.oneof(
  fc.constantFrom(
    0,
    1,
    3,
    9.5,
    10,
    65_535,
    65_536,
    -1,
    true,
    false,
    '',
    'x',
    'X',
    '512m',
    '3.9',
    'a b',
  ),
  fc.constantFrom(
    '0.0.0.0',
    '-Xss1m',
    'auto',
    'local',
    [],
    ['x'],
    ['-Xss1m'],
    {},
    { x: 1 },
    { '1': {} },
  ),
  fc.jsonValue(),
);

/**
 * Where a file is freer than the other: the schema takes any text with a dollar sign, and any number as a version;
 * the parser takes a key with nothing behind it, before values are checked.
 */
function isFreer(tree: SpecTree): boolean {
  const text = JSON.stringify(tree);
  return (
    /\$|null/.test(text) ||
    text.includes('__proto__') ||
    typeof valueAt(tree, ['kafka', 'version']) === 'number'
  );
}
