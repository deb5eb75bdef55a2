import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exampleNames } from '../../src/commands/example-names.js';
import { renderDocument } from '../../src/compose/render.js';
import { clusterSetups, setupProblems } from '../../src/compose/setups.js';
import { pairsOf } from '../../src/images/catalog.js';
import { clusterImages } from '../../src/images/choice.js';
import { familyNames } from '../../src/images/family-names.js';
import { simpleLayer } from '../../src/spec/layer.js';
import { leavesOf, valueAt, type SpecPath, type SpecTree } from '../../src/spec/path.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { specKeys } from '../../src/spec/schema-walk.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots, sharedPorts } from '../../src/topology/ports.js';
import type { Network } from '../../src/topology/topology.js';
import { rendered } from '../helpers/clusters.js';
import { exampleText, lifted } from '../helpers/examples.js';

/** What a file comes to on an engine, as `render` goes about it. */
function document(text: string, network: Network) {
  const engine = network === 'host' ? [simpleLayer('engine', { images: 'local' }, '')] : [];
  const resolved = resolveSpec([fileLayer('kcluster.yaml', text, {}), ...engine]);
  const ports = fixedPorts(portSlots(resolved.spec, network));
  expect(sharedPorts(ports)).toEqual([]);
  const topology = layOut(resolved.spec, network, ports);
  const setups = clusterSetups(resolved, topology, clusterImages(resolved));
  expect(setupProblems(setups)).toEqual([]);
  return { ...resolved, ...renderDocument(setups) };
}

/** `topics.*.partitions` of `topics.orders.partitions`; of a setting, where it is. */
function keyOf(path: SpecPath) {
  return specKeys().find(({ path: known }) =>
    known.every((key, index) => key === '*' || key === path[index]),
  );
}

/** Every path that has a value, or nothing where a map of keys could be. */
function pathsOf(text: string): SpecPath[] {
  return leavesOf((parse(text) ?? {}) as SpecTree);
}

describe('the examples', () => {
  it('are those that are shipped', () => {
    const files = readdirSync('templates/examples').map((name) => name.replace(/\.yaml$/, ''));
    expect(files.toSorted()).toEqual([...exampleNames].toSorted());
  });

  describe.each(exampleNames)('%s', (name) => {
    const text = exampleText(name);

    it('begins with the line for editors', () => {
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/kcluster\.schema\.json\n\n# /);
    });

    it.each(['bridge', 'host'] as const)('is a cluster on a %s network', (network) => {
      const { spec, document: made } = document(text, network);
      const nodes = spec.kafka.brokers + spec.zookeeper.servers;
      expect(Object.keys(made.services)).toHaveLength(nodes);
    });

    it('is one with all that is commented out, too', () => {
      expect(document(lifted(text), 'bridge').spec.images).toBe('published');
    });

    it('shows every section', () => {
      const shown = new Set(pathsOf(lifted(text)).map(([section]) => section));
      for (const [section] of specKeys().map(({ path }) => path)) expect(shown).toContain(section);
    });

    it('has defaults where it says so', () => {
      const tree = parse(lifted(text)) as SpecTree;
      const said = new Set(pathsOf(text).map(String));
      const commented = pathsOf(lifted(text)).filter((path) => !said.has(String(path)));
      expect(commented.length).toBeGreaterThan(5);
      for (const path of commented) {
        const { fallback } = keyOf(path)!;
        // A list or a map that is empty is shown by an example.
        if (fallback === undefined || /^(\[\]|\{\})$/.test(JSON.stringify(fallback))) continue;
        expect([path, valueAt(tree, path)]).toEqual([path, fallback]);
      }
    });
  });

  it('have, in the first, every key', () => {
    const shown = pathsOf(lifted(exampleText('single'))).map((path) => keyOf(path)!.path.join('.'));
    const all = specKeys().map(({ path }) => path.join('.'));
    expect(all.filter((key) => !shown.includes(key))).toEqual([]);
  });

  it('name the images that there are', () => {
    const [, first, others] = /# images: (\w+) # or ([^\n]+)/.exec(exampleText('single'))!;
    expect(new Set([first, ...others!.split(', ')])).toEqual(new Set(familyNames));
  });

  it('have the version of Kafka that is taken without one', () => {
    expect(lifted(exampleText('single'))).toContain(
      `version: ${pairsOf('published')[0]!.kafkaLine} `,
    );
    expect(pairsOf('local')[0]!.kafkaLine).toBe(pairsOf('published')[0]!.kafkaLine);
  });
});

describe('the defaults that are told', () => {
  it.each([
    ['zookeeper', 'zookeeper-1', 'JVMFLAGS'],
    ['kafka', 'broker-1', 'KAFKA_HEAP_OPTS'],
  ])('of the JVM of %s are those of the templates', (section, service, variable) => {
    const { environment } = rendered({}).document.services[service]!;
    const told = (key: string) => keyOf([section, key])!.fallback;
    expect(environment[variable]).toContain(`-Xmx${String(told('heap'))}`);
    const options = environment['KAFKA_JVM_PERFORMANCE_OPTS'] ?? environment[variable]!;
    expect(options.split(' ').filter((word) => !word.startsWith('-Xm'))).toEqual(
      told('jvmOptions'),
    );
  });

  it('are what a specification of nothing comes to', () => {
    const { spec } = resolveSpec([]);
    for (const { path, fallback } of specKeys().filter(({ path: [, , third] }) => !third)) {
      if (/heap|jvmOptions/.test(path.join('.'))) continue;
      expect([path, valueAt(spec, path)]).toEqual([path, fallback]);
    }
  });
});
