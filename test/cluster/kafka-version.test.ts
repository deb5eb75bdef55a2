import { describe, expect, it } from 'vitest';
import {
  assertNoDowngrade,
  assertSameKafka,
  commonProtocol,
  lineChanges,
} from '../../src/cluster/kafka-version.js';
import type { ObservedProject } from '../../src/cluster/observed.js';
import { Label } from '../../src/compose/labels.js';
import { KclusterError } from '../../src/errors.js';
import { observedAs, rendered } from '../helpers/clusters.js';

const at = (kafka: string) => rendered({ brokers: 2, images: 'local', kafka }).document;
const running = (kafka: string): ObservedProject => observedAs('demo', at(kafka));

/** Half way through an upgrade: broker-1 has the new program and still speaks the old protocol. */
const halfWay: ObservedProject = {
  ...running('2.8'),
  nodes: running('2.8').nodes.map((node) =>
    node.service === 'broker-1'
      ? {
          ...node,
          image: 'kcluster/kafka:3.9.2',
          labels: { ...node.labels, [Label.protocol]: '2.8' },
        }
      : node,
  ),
};

function refusal(check: () => void): KclusterError | undefined {
  try {
    check();
  } catch (error) {
    expect(error).toBeInstanceOf(KclusterError);
    return error as KclusterError;
  }
  return undefined;
}

describe('another line of Kafka', () => {
  it('is what brokers get, not ZooKeepers', () => {
    expect(lineChanges(at('3.9'), running('2.8'))).toEqual([
      { service: 'broker-1', from: '2.8', to: '3.9' },
      { service: 'broker-2', from: '2.8', to: '3.9' },
    ]);
    expect(lineChanges(at('3.9'), running('3.9'))).toEqual([]);
  });

  it('is not taken where it is older', () => {
    expect(refusal(() => assertNoDowngrade(at('3.9'), running('2.8')))).toBeUndefined();
    expect(refusal(() => assertNoDowngrade(at('3.8'), running('3.9')))).toMatchObject({
      kind: 'conflict',
      message: 'broker-1 runs Kafka 3.9, and what it has written is not for Kafka 3.8',
    });
  });

  it('is not taken back half way', () => {
    const { hints = [] } = refusal(() => assertNoDowngrade(at('2.8'), halfWay)) ?? {};
    expect(hints).toContain('Go on with the upgrade: `kcluster upgrade --kafka 3.9 --name demo`.');
  });

  it('comes by upgrade, not along with another change', () => {
    expect(refusal(() => assertSameKafka(at('3.9'), running('3.9')))).toBeUndefined();
    expect(refusal(() => assertSameKafka(at('3.9'), running('3.8')))).toMatchObject({
      message: 'cluster "demo" would get Kafka 3.9 with it',
      hints: ['Upgrade it first: `kcluster upgrade --kafka 3.9 --name demo`.'],
    });
    expect(refusal(() => assertSameKafka(at('2.8'), halfWay))?.message).toBe(
      'the upgrade of cluster "demo" to Kafka 3.9 has not ended',
    );
  });
});

describe('the protocol that brokers have in common', () => {
  it('is that of the oldest, or what they are pinned to', () => {
    expect(commonProtocol(running('3.8'))).toBe('3.8');
    expect(commonProtocol(halfWay)).toBe('2.8');
  });

  it('is not known where an image does not tell', () => {
    const { nodes, ...rest } = running('3.9');
    const unknown = nodes.map((node) => ({ ...node, image: 'example/kafka:latest' }));
    expect(commonProtocol({ ...rest, nodes: unknown })).toBeUndefined();
  });
});
