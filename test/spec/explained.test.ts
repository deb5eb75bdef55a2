import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainedYaml, inSchemaOrder, originsOf } from '../../src/spec/explained.js';
import { flagLayer } from '../../src/spec/flags.js';
import { simpleLayer } from '../../src/spec/layer.js';
import type { SpecPath } from '../../src/spec/path.js';
import { originOf, resolveSpec } from '../../src/spec/resolve.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { anySpec } from '../helpers/any-spec.js';

const { spec, layers } = resolveSpec([
  flagLayer({ kafkaPort: 19092, set: { 'log.retention.ms': '-1' } }),
  fileLayer(
    'kcluster.yaml',
    'name: orders\nkafka:\n  brokers: 3\n  racks: [a, 2]\n  settings: {a: "$$x # y", b: true}\n  perBroker: {2: {heap: 1g}}\n',
    {},
  ),
  simpleLayer('cluster', { zookeeper: { servers: 3 } }, 'cluster "orders"'),
]);
const origin = (path: SpecPath) => originOf(layers, path);

describe('an explained specification', () => {
  it('has each value with its origin behind it', async () => {
    const text = `${explainedYaml(spec, origin)}\n`;
    await expect(text).toMatchFileSnapshot('../goldens/explained.yaml');
  });

  it('tells the same as data', () => {
    expect(originsOf(spec, origin)).toMatchObject({
      name: 'kcluster.yaml:1:7',
      'kafka.port': '--kafka-port',
      'kafka.settings[log.retention.ms]': '--set log.retention.ms',
      'kafka.perBroker[2].heap': 'kcluster.yaml:6:25',
      'zookeeper.servers': 'cluster "orders"',
      topics: 'default',
    });
  });

  it('is a file that says the same', () => {
    fc.assert(
      fc.property(anySpec, (tree) => {
        const any = resolveSpec([simpleLayer('file', tree, 'test')]);
        const text = explainedYaml(any.spec, () => 'somewhere "else" # here');
        expect(resolveSpec([fileLayer('kcluster.yaml', text, {})]).spec).toEqual(any.spec);
      }),
    );
  });

  it('has its keys in the order of the schema', () => {
    const tree = { kafka: { port: 1, version: '3.9', settings: { b: 1, a: 2 } }, name: 'x' };
    expect(JSON.stringify(inSchemaOrder(tree))).toBe(
      '{"name":"x","kafka":{"version":"3.9","port":1,"settings":{"b":1,"a":2}}}',
    );
  });
});
