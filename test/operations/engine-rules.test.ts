import { expect, it } from 'vitest';
import { engineRules } from '../../src/operations/engine-rules.js';
import { KclusterError } from '../../src/errors.js';
import { resolveSpec } from '../../src/spec/resolve.js';
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
