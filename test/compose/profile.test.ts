import { describe, expect, it } from 'vitest';
import type { ComposeService } from '../../src/compose/document.js';
import { jvmDefaults } from '../../src/compose/jvm-defaults.js';
import { renderDocument } from '../../src/compose/render.js';
import { clusterSetups, setupProblems } from '../../src/compose/setups.js';
import { clusterImages } from '../../src/images/choice.js';
import { familyNames } from '../../src/images/family-names.js';
import { simpleLayer } from '../../src/spec/layer.js';
import { mergeTrees, type SpecTree } from '../../src/spec/path.js';
import { profiles, type Profile } from '../../src/spec/profile.js';
import { resolveSpec, type ResolvedSpec } from '../../src/spec/resolve.js';
import { layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots } from '../../src/topology/ports.js';

function setupsOf(tree: SpecTree) {
  const resolved: ResolvedSpec = resolveSpec([simpleLayer('file', tree, 'a test')]);
  const topology = layOut(resolved.spec, 'bridge', fixedPorts(portSlots(resolved.spec, 'bridge')));
  return clusterSetups(resolved, topology, clusterImages(resolved));
}

function services(tree: SpecTree): Record<string, ComposeService> {
  return renderDocument(setupsOf(tree)).document.services;
}

const productionLike = { profile: 'production-like' };
const g1 =
  '-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent -XX:MaxInlineLevel=15 -Djava.awt.headless=true -Xshare:auto';

/** What the fast profile says in place of Kafka's own defaults. */
const forSpeed = [
  'controlled.shutdown.retry.backoff.ms',
  'log.cleaner.dedupe.buffer.size',
  'offsets.topic.num.partitions',
  'transaction.state.log.num.partitions',
  'zookeeper.connection.timeout.ms',
  'zookeeper.session.timeout.ms',
];

/** A property in the words of any family: `offsets.topic.num.partitions`, `OFFSETS_TOPIC_NUM_PARTITIONS`. */
function wordsOf(property: string): RegExp {
  return new RegExp(property.replaceAll('.', '[._]'), 'i');
}

describe.each(familyNames)('production-like %s images', (images) => {
  const setups = setupsOf({ ...productionLike, images });
  const said = services({ ...productionLike, images });
  const broker = JSON.stringify(said['broker-1']);
  const zookeeper = JSON.stringify(said['zookeeper-1']);

  it('can be told all of it', () => {
    expect(setupProblems(setups)).toEqual([]);
  });

  it('have the heaps and the options of the start scripts of Kafka', () => {
    for (const text of [broker, zookeeper]) {
      expect(text).toContain(g1);
      expect(text).not.toMatch(/SerialGC|TieredStopAtLevel/);
    }
    expect(broker).toContain('-Xms1G -Xmx1G');
    expect(zookeeper).toContain('-Xms512M -Xmx512M');
  });

  it.each(forSpeed)('leave %s to Kafka, which fast ones do not', (property) => {
    expect(broker).not.toMatch(wordsOf(property));
    expect(JSON.stringify(services({ images })['broker-1'])).toMatch(wordsOf(property));
  });

  it('let a group wait for more members, also where a sample file says otherwise', () => {
    expect(broker).toMatch(/group[._]initial[._]rebalance[._]delay[._]ms(":"|=)3000"/i);
  });

  it('keep what the number of brokers says', () => {
    const three = services({ ...productionLike, images, kafka: { brokers: 3 } })['broker-1'];
    expect(JSON.stringify(three)).toMatch(/min[._]insync[._]replicas(":"|=)2"/i);
    expect(JSON.stringify(three)).toMatch(/offsets[._]topic[._]replication[._]factor(":"|=)3"/i);
  });

  it('have what the user says over it', () => {
    const own = {
      kafka: {
        heap: '512m',
        jvmOptions: ['-XX:+UseZGC'],
        settings: { 'offsets.topic.num.partitions': 7, 'group.initial.rebalance.delay.ms': 1 },
      },
      zookeeper: { heap: '64m' },
    };
    const over = services({ ...productionLike, images, ...own });
    const text = JSON.stringify(over['broker-1']);
    expect(text).toContain('-Xms512m -Xmx512m');
    expect(text).toContain('-XX:+UseZGC');
    expect(text).not.toContain('UseG1GC');
    expect(text).toMatch(/offsets[._]topic[._]num[._]partitions(":"|=)7"/i);
    expect(text).toMatch(/group[._]initial[._]rebalance[._]delay[._]ms(":"|=)1"/i);
    expect(JSON.stringify(over['zookeeper-1'])).toContain('-Xms64m -Xmx64m');
  });
});

describe('a heap that is asked for', () => {
  it.each<[Profile, string, string]>([
    ['fast', '512m', '-Xms64m -Xmx512m'],
    ['fast', '32m', '-Xms32m -Xmx32m'],
    ['production-like', '2g', '-Xms2g -Xmx2g'],
  ])('in the profile %s, %s, is %s', (profile, heap, options) => {
    const { environment } = services({ profile, kafka: { heap } })['broker-1']!;
    expect(environment['KAFKA_HEAP_OPTS']).toBe(options);
  });
});

describe.each(profiles)('the JVMs of the profile %s', (profile) => {
  it('are what is told of them', () => {
    const told = mergeTrees(jvmDefaults(profile), { profile });
    expect(services(told)['broker-1']!.environment).toEqual(
      services({ profile })['broker-1']!.environment,
    );
    expect(services(told)['zookeeper-1']!.environment).toEqual(
      services({ profile })['zookeeper-1']!.environment,
    );
  });
});
