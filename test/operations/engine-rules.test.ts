import { describe, expect, it } from 'vitest';
import { engineLayer, engineRules } from '../../src/operations/engine-rules.js';
import { KclusterError } from '../../src/errors.js';
import { simpleLayer } from '../../src/spec/layer.js';
import type { SpecTree } from '../../src/spec/path.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import type { ClusterSpec } from '../../src/spec/schema.js';
import { fileLayer } from '../../src/spec/yaml-file.js';

function problemsOn(engine: 'docker' | 'process', text: string): readonly string[] {
  try {
    resolveSpec([fileLayer('kcluster.yaml', text, {})], engineRules({ name: engine }));
    return [];
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    return error.details.filter((line) => line.startsWith('kcluster.yaml'));
  }
}

it('further ports that meet are told at the first port that was moved', () => {
  const quorum = 'images: local\nzookeeper:\n  port: 8385\n';
  expect(problemsOn('process', quorum)).toEqual([
    expect.stringMatching(
      /^kcluster\.yaml:3:9: zookeeper\.port: zookeeper-1\/quorum and broker-1\/host would share port 9092; .*--ports auto/,
    ),
  ]);
  const brokers = 'images: local\nzookeeper: {servers: 3}\nkafka: {brokers: 3, port: 2888}\n';
  expect(problemsOn('process', brokers)).toEqual([
    expect.stringMatching(
      /^kcluster\.yaml:3:27: kafka\.port: zookeeper-1\/quorum and broker-1\/host would share port 2888, and 2 more; /,
    ),
  ]);
});

it('no further ports meet in containers, nor where free ones are taken', () => {
  const quorum = 'images: local\nzookeeper: {port: 8385}\n';
  expect(problemsOn('docker', quorum)).toEqual([]);
  expect(problemsOn('process', `${quorum}ports: auto\n`)).toEqual([]);
});

it('first ports that meet are told once', () => {
  const text = 'images: local\nkafka: {port: 2181}\n';
  for (const engine of ['docker', 'process'] as const)
    expect(problemsOn(engine, text)).toEqual([expect.stringContaining('which overlap')]);
});

it('local processes are of the local images and join no network, told at once', () => {
  const text = 'images: confluent\nlisteners: {networks: [apps]}\nkafka: {heap: much}\n';
  expect(problemsOn('process', text)).toEqual([
    expect.stringContaining('images: expected "local" with the process engine'),
    expect.stringContaining('listeners.networks: local processes join no network'),
    expect.stringContaining('kafka.heap: a heap is a size'),
  ]);
  expect(problemsOn('docker', text)).toHaveLength(1);
});

describe('Docker on another machine', () => {
  const site = { name: 'docker', elsewhere: { name: 'docker', address: '172.18.0.2' } } as const;
  const specOf = (listeners: SpecTree): ClusterSpec => {
    const wished = [simpleLayer('flag', { listeners }, 'a test')];
    const layers = [...wished, ...engineLayer(site, wished)];
    return resolveSpec(layers, engineRules(site)).spec;
  };

  it('publishes nothing unless it is asked for, and says how', () => {
    expect(() => specOf({})).toThrow(
      expect.objectContaining({
        kind: 'invalidSpec',
        details: [expect.stringContaining('--advertise docker')],
      }),
    );
  });

  it('publishes on the address at which the daemon answers, or on the one asked for', () => {
    expect(specOf({ advertise: 'docker' }).listeners.bind).toBe('172.18.0.2');
    const both = { advertise: 'docker', bind: '0.0.0.0' };
    expect(specOf(both).listeners).toMatchObject(both);
  });
});
