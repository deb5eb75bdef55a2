import { describe, expect, it } from 'vitest';
import type { ObservedProject } from '../../src/cluster/observed.js';
import { changesAnything, reconcile } from '../../src/cluster/reconcile.js';
import { renderDocument } from '../../src/compose/render.js';
import { clusterSetups } from '../../src/compose/setups.js';
import { clusterImages } from '../../src/images/choice.js';
import { existingLayer } from '../../src/spec/existing.js';
import { flagLayer, type ShapeOptions } from '../../src/spec/flags.js';
import { originOf, resolveSpec, type ResolvedSpec } from '../../src/spec/resolve.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots } from '../../src/topology/ports.js';
import { recoverPorts, recoverTopology } from '../../src/topology/recover.js';
import { nothing, observedAs } from '../helpers/clusters.js';

/** What `up` is given, and what is there after it. */
interface Run {
  flags?: ShapeOptions;
  file?: string;
}

interface After extends ResolvedSpec {
  observed: ObservedProject;
  /** Whether a node was made, or made anew. */
  changed: boolean;
}

/** `up` on what is there: a node whose definition stays the same stays as it is, with what it remembers. */
function up({ flags = {}, file }: Run, there: ObservedProject = nothing('kcluster')): After {
  const resolved = resolveSpec([
    flagLayer(flags),
    ...(file === undefined ? [] : [fileLayer('kcluster.yaml', file, {})]),
    existingLayer(there, file !== undefined),
  ]);
  const { spec } = resolved;
  const slots = portSlots(spec, 'bridge');
  const held = recoverPorts(recoverTopology(there));
  const free = new Map(slots.map(({ key }, index) => [key, held.get(key) ?? 40_000 + index]));
  const topology = layOut(spec, 'bridge', spec.ports === 'fixed' ? fixedPorts(slots) : free);
  const { document } = renderDocument(clusterSetups(resolved, topology, clusterImages(resolved)));
  const made = observedAs('kcluster', document);
  const nodes = made.nodes.map(
    (node) =>
      there.nodes.find(
        (old) => old.service === node.service && old.configHash === node.configHash,
      ) ?? node,
  );
  const observed = { ...made, nodes };
  return { ...resolved, observed, changed: changesAnything(reconcile(document, there)) };
}

/** One `up` after the other. */
function ups(...runs: readonly Run[]): After {
  const [first = {}, ...others] = runs;
  return others.reduce((before, run) => up(run, before.observed), up(first));
}

describe('without a file', () => {
  it('what flags said stays, and a second run changes nothing', () => {
    const flags = { brokers: 3, zookeepers: 3, kafkaPort: 19092, set: { 'log.retention.ms': '1' } };
    const { spec, layers, changed } = ups({ flags }, {});
    expect(spec).toEqual(resolveSpec([flagLayer(flags)]).spec);
    expect(changed).toBe(false);
    expect(originOf(layers, ['kafka', 'port'])).toBe('cluster "kcluster"');
    expect(originOf(layers, ['zookeeper', 'port'])).toBe('default');
  });

  it('what a file said stays too', () => {
    const file =
      'kafka:\n  brokers: 2\n  racks: [a, b]\n  heap: 512m\n  perBroker: {2: {rack: c}}\nzookeeper: {servers: 3, observers: 1, settings: {tickTime: 3000}}\nlisteners: {networks: [shop]}\n';
    const { spec, changed } = ups({ file }, {});
    expect(spec).toEqual(resolveSpec([fileLayer('', file, {})]).spec);
    expect(changed).toBe(false);
  });

  it('a new flag goes over what is remembered, setting by setting', () => {
    const { spec } = ups(
      { flags: { set: { 'a.x': '1', 'b.x': '1' } } },
      { flags: { set: { 'b.x': '2', 'c.x': '2' } } },
      {},
    );
    expect(spec.kafka.settings).toEqual({ 'a.x': '1', 'b.x': '2', 'c.x': '2' });
  });

  it('the profile stays, until another is asked for', () => {
    const like = { flags: { profile: 'production-like' } };
    const again = ups(like, {});
    expect(again.spec.profile).toBe('production-like');
    expect(again.changed).toBe(false);
    const brokersAdded = ups(like, { flags: { brokers: 3 } }, {});
    expect(brokersAdded.spec.profile).toBe('production-like');
    expect(brokersAdded.changed).toBe(false);
    const fast = ups(like, { flags: { profile: 'fast' } });
    expect(fast.changed).toBe(true);
    expect(up({}, fast.observed)).toMatchObject({ spec: { profile: 'fast' }, changed: false });
  });

  it('an even ensemble is accepted once', () => {
    const { spec } = ups({ flags: { zookeepers: 2, evenEnsemble: true } }, {});
    expect(spec.zookeeper).toMatchObject({ servers: 2, evenEnsemble: true });
  });

  it('listeners are those that brokers have, though ZooKeepers were made before', () => {
    const { spec, changed } = ups(
      { flags: { advertise: 'old.example', bind: '0.0.0.0' } },
      { flags: { advertise: 'new.example' } },
      {},
    );
    expect(spec.listeners).toMatchObject({ advertise: 'new.example', bind: '0.0.0.0' });
    expect(changed).toBe(false);
  });

  it('free ports stay asked for by those that were added with them', () => {
    const before = ups({ flags: { kafkaPort: 19092 } }, { flags: { brokers: 3, ports: 'auto' } });
    const { spec, changed } = up({}, before.observed);
    expect(spec.ports).toBe('auto');
    expect(changed).toBe(false);
  });

  it('a first port goes over free ones', () => {
    const { spec } = ups({ flags: { ports: 'auto' } }, { flags: { kafkaPort: 19092 } }, {});
    expect(spec).toMatchObject({ ports: 'fixed', kafka: { port: 19092 } });
  });

  it('data that is kept tells how many nodes there were', () => {
    const { observed } = up({ flags: { brokers: 3, zookeepers: 3 } });
    const { spec, layers } = up({}, { ...observed, nodes: [], networks: [] });
    expect(spec).toMatchObject({ kafka: { brokers: 3 }, zookeeper: { servers: 3 } });
    expect(originOf(layers, ['kafka', 'brokers'])).toBe('cluster "kcluster"');
  });

  it('a run that was killed is completed: the first nodes know what was asked for', () => {
    const before = up({ flags: { brokers: 2, kafkaPort: 19092 } });
    const after = up({ flags: { kafkaPort: 29192 } }, before.observed);
    const nodes = after.observed.nodes.map((node) =>
      node.service === 'broker-2'
        ? before.observed.nodes.find(({ service }) => service === 'broker-2')!
        : node,
    );
    expect(up({}, { ...after.observed, nodes: nodes.toReversed() }).spec.kafka.port).toBe(29192);
  });
});

describe('with a file', () => {
  it('a key that was removed from it falls back to its default', () => {
    const { spec } = ups(
      {
        file: 'kafka: {brokers: 3, heap: 512m, settings: {a.x: 1, b.x: 1}, perBroker: {1: {heap: 1g}}}\nzookeeper: {servers: 3, observers: 2, heap: 256m}\n',
      },
      { file: 'kafka: {settings: {a.x: 1}}\nzookeeper: {servers: 3}\n' },
    );
    expect(spec).toEqual(
      resolveSpec([fileLayer('', 'kafka: {settings: {a.x: 1}}\nzookeeper: {servers: 3}\n', {})])
        .spec,
    );
  });

  it('an empty one is a file too', () => {
    expect(ups({ file: 'kafka: {port: 19092}\n' }, { file: '' }).spec.kafka.port).toBe(9092);
  });

  it('the profile of before goes with the key, and that of a flag stays', () => {
    const file = 'profile: production-like\n';
    expect(ups({ file }, { file: '' }).spec.profile).toBe('fast');
    const flags = { profile: 'production-like' };
    expect(ups({ flags }, { file: '' }).spec.profile).toBe('production-like');
  });

  it('flags of before stay where it says nothing', () => {
    const { spec, layers } = ups(
      { file: 'kafka: {brokers: 2}\n', flags: { kafkaPort: 19092, set: { 'a.x': '1' } } },
      { file: 'kafka: {brokers: 2, settings: {b.x: 2}}\n' },
    );
    expect(spec.kafka).toMatchObject({ port: 19092, settings: { 'a.x': '1', 'b.x': '2' } });
    expect(originOf(layers, ['kafka', 'port'])).toBe('cluster "kcluster"');
    expect(originOf(layers, ['kafka', 'brokers'])).toBe('kcluster.yaml:1:18');
  });

  it('it goes over flags of before', () => {
    const runs = [{ flags: { kafkaPort: 19092 } }, { file: 'kafka: {port: 29192}\n' }];
    expect(ups(...runs).spec.kafka.port).toBe(29192);
  });

  it('a value that was moved into it from a flag goes with it', () => {
    const flags = { kafkaPort: 19092, set: { 'a.x': '1' } };
    const moved = 'ports: fixed\nkafka: {port: 29192, settings: {a.x: 1}}\n';
    const { spec, changed } = ups({ flags }, { file: moved }, { file: 'kafka: {}\n' });
    expect(changed).toBe(true);
    expect(spec.kafka).toMatchObject({ port: 9092, settings: {} });
  });

  it('a value that was moved into it as it is changes no node, which remembers the flag', () => {
    const runs = [{ flags: { kafkaPort: 19092 } }, { file: 'kafka: {port: 19092}\n' }];
    expect(ups(...runs).changed).toBe(false);
    expect(ups(...runs, { file: '' }).spec.kafka.port).toBe(19092);
  });

  it('a value that was moved out of it into a flag stays', () => {
    const { spec } = ups(
      { file: 'kafka: {port: 19092}\n' },
      { file: '', flags: { kafkaPort: 29192 } },
      { file: '' },
    );
    expect(spec.kafka.port).toBe(29192);
  });

  it('is told from what is remembered of it where it is gone', () => {
    const file = 'kafka: {port: 19092, brokers: 2}\n';
    const elsewhere = { flags: { set: { 'a.x': '1' } } };
    const { spec } = ups({ file }, elsewhere, { file: '' });
    expect(spec.kafka).toMatchObject({ port: 9092, brokers: 1, settings: { 'a.x': '1' } });
  });
});
