import { describe, expect, it } from 'vitest';
import { poolKey, unpoolable } from '../../src/pool/key.js';
import { simpleLayer } from '../../src/spec/layer.js';
import type { SpecTree } from '../../src/spec/path.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import type { ClusterSpec } from '../../src/spec/schema.js';

function specOf(tree: SpecTree): ClusterSpec {
  return resolveSpec([simpleLayer('file', { ports: 'auto', ...tree }, 'a test')]).spec;
}

const keyOf = (tree: SpecTree): string =>
  poolKey({ engine: 'process', spec: specOf(tree), version: '1.0.0' });

describe('the pool of a cluster', () => {
  it('is that of every cluster which is the same but for its name', () => {
    expect(keyOf({ name: 'orders' })).toBe(keyOf({ name: 'billing' }));
    expect(keyOf({ kafka: { brokers: 1 } })).toBe(keyOf({}));
  });

  it.each<[string, SpecTree]>([
    ['brokers', { kafka: { brokers: 2 } }],
    ['a setting', { kafka: { settings: { 'log.retention.hours': '1' } } }],
    ['images', { images: 'local' }],
    ['a topic', { topics: { orders: {} } }],
  ])('is another one for other %s', (_what, tree) => {
    expect(keyOf(tree)).not.toBe(keyOf({}));
  });

  it('is another one on another engine, and for another kcluster', () => {
    const spec = specOf({});
    const keys = [
      poolKey({ engine: 'process', spec, version: '1.0.0' }),
      poolKey({ engine: 'docker', spec, version: '1.0.0' }),
      poolKey({ engine: 'process', spec, version: '1.0.1' }),
    ];
    expect(new Set(keys).size).toBe(3);
  });
});

it('is none for fixed ports, or for topics with seeds', () => {
  expect(unpoolable({ spec: specOf({}) })).toBeUndefined();
  expect(unpoolable({ spec: specOf({ ports: 'fixed' }) })).toContain('ports are fixed');
  const seeded = specOf({ topics: { orders: { seed: 'orders.txt' } } });
  expect(unpoolable({ spec: seeded })).toContain('seeded from files');
});
