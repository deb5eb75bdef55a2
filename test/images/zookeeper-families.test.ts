import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EnsembleServer, ZooKeeperFamily, ZooKeeperSetup } from '../../src/images/family.js';
import { zooKeeperFamilies } from '../../src/images/recognise.js';
import { bitnamiZooKeeper } from '../../src/images/vendors/bitnami.js';
import { confluentZooKeeper } from '../../src/images/vendors/confluent.js';
import { debeziumZooKeeper } from '../../src/images/vendors/debezium.js';
import { localZooKeeper } from '../../src/images/vendors/kcluster.js';
import { officialZooKeeper } from '../../src/images/vendors/official.js';
import { strimziZooKeeper } from '../../src/images/vendors/strimzi.js';
import { wurstmeisterZooKeeper } from '../../src/images/vendors/wurstmeister.js';
import * as rules from './rules/zookeepers.js';

const jvm = { heap: '-Xms32m -Xmx128m', options: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1' };

const server = (id: number, more: Partial<EnsembleServer> = {}): EnsembleServer => ({
  id,
  host: `zookeeper-${id}`,
  quorumPort: 2888,
  electionPort: 3888,
  client: { port: 2181 },
  observer: false,
  ...more,
});

function setupOf(
  settings: Readonly<Record<string, string>> = {},
  more: Partial<ZooKeeperSetup> = {},
): ZooKeeperSetup {
  return { id: 1, servers: [server(1)], settings: new Map(Object.entries(settings)), jvm, ...more };
}

/** Without these an ensemble does not start, or ticks every three seconds. */
const usualLimits = { tickTime: '2000', initLimit: '10', syncLimit: '5' };

interface Subject {
  family: ZooKeeperFamily;
  rule: rules.ZooKeeperRule;
  /** What the image says where it is told nothing. */
  defaults: Readonly<Record<string, string>>;
  /** Whether one server is a list too. */
  listsOne?: boolean;
  /** What stands for the own host. */
  ownHost?: string;
}

const subjects: readonly Subject[] = [
  {
    family: officialZooKeeper,
    rule: rules.official,
    defaults: rules.officialDefaults,
    listsOne: true,
  },
  {
    family: localZooKeeper,
    rule: rules.local,
    defaults: { ...rules.officialDefaults, 'admin.enableServer': 'false' },
    listsOne: true,
  },
  {
    family: confluentZooKeeper,
    rule: rules.confluent,
    defaults: usualLimits,
  },
  { family: bitnamiZooKeeper, rule: rules.bitnami, defaults: rules.bitnamiDefaults },
  {
    family: debeziumZooKeeper,
    rule: rules.debezium,
    defaults: rules.fixedDefaults,
    ownHost: '0.0.0.0',
  },
  { family: strimziZooKeeper, rule: rules.strimzi, defaults: usualLimits, listsOne: true },
  { family: wurstmeisterZooKeeper, rule: rules.wurstmeister, defaults: rules.fixedDefaults },
];

/** What ZooKeeper is to see of a setup. */
function expected(subject: Subject, setup: ZooKeeperSetup): Partial<rules.SeenByZooKeeper> {
  const { defaults, listsOne, ownHost } = subject;
  const { servers, settings } = setup;
  const listed = servers.length > 1 || listsOne === true ? servers : [];
  const { host, port } = servers.find(({ id }) => id === setup.id)!.client;
  return {
    ...(listed.length > 0 && { id: String(setup.id) }),
    servers: Object.fromEntries(
      listed.map(({ id, host, quorumPort, electionPort, observer }) => {
        const peer = id === setup.id ? (ownHost ?? host) : host;
        return [id, `${peer}:${quorumPort}:${electionPort}${observer ? ':observer' : ''}`];
      }),
    ),
    client: host === undefined ? String(port) : `${host}:${port}`,
    settings: {
      maxClientCnxns: '60',
      ...defaults,
      ...Object.fromEntries([...settings].map(([key, value]) => [key, value.trim()])),
    },
  };
}

/** What ZooKeeper sees of a setup. @throws Error where the image would not start */
function seenBy({ family, rule }: Subject, setup: ZooKeeperSetup): Partial<rules.SeenByZooKeeper> {
  const words = family.words(setup);
  if (Object.values(words.environment).some((value) => value.includes('\0')))
    throw new Error('no environment has a NUL');
  const { id, directories, ...seen } = rule(words);
  const targets = family.volumes.map(({ target }) => `${target}/`);
  for (const directory of directories)
    expect(targets.some((target) => `${directory}/`.startsWith(target))).toBe(true);
  return { ...seen, ...(Object.keys(seen.servers).length > 0 && { id }) };
}

function comesOutRight(subject: Subject, setup: ZooKeeperSetup): boolean {
  try {
    expect(seenBy(subject, setup)).toEqual(expected(subject, setup));
    return true;
  } catch {
    return false;
  }
}

it('every family of ZooKeepers is looked at', () => {
  expect(subjects.map(({ family }) => family.name).toSorted()).toEqual(
    zooKeeperFamilies.map(({ name }) => name).toSorted(),
  );
});

/** Settings that every family can be told. */
const usual = {
  tickTime: '2000',
  'autopurge.purgeInterval': '1',
  '4lw.commands.whitelist': 'srvr,stat,mntr,ruok',
  'admin.enableServer': 'false',
  snapCount: '5000',
};

const ensemble = [server(1), server(2), server(3)];

const byName = subjects.map((subject) => [subject.family.name, subject] as const);

describe.each(byName)('%s', (_name, subject) => {
  const { family } = subject;

  it('makes exactly the wished server', () => {
    for (const settings of [{}, usual]) {
      const setup = setupOf(settings);
      expect(family.problems(setup)).toEqual([]);
      expect(seenBy(subject, setup)).toEqual(expected(subject, setup));
    }
  });

  it('gives the JVM its heap and options', () => {
    const words = Object.values(family.words(setupOf(usual)).environment).join(' ');
    expect(words).toContain(jvm.heap);
    expect(words).toContain(jvm.options);
  });

  it('takes settings that come out right, and refuses what does not', () => {
    const key = fc.constantFrom(
      ...['tickTime', 'initLimit', 'maxClientCnxns', 'minSessionTimeout', 'standaloneEnabled'],
      ...['autopurge.snapRetainCount', '4lw.commands.whitelist', 'admin.enableServer'],
      ...['admin.serverPort', 'quorumListenOnAllIPs', 'maxCnxns', 'snapCount', 'jute.maxbuffer'],
      ...['metricsProvider.httpPort', 'ssl.quorum.keyStore.location'],
    );
    // The local image has no Jetty, which its rule can't tell.
    const unit = fc.constantFrom(...Array.from('60a, *=:#\\\n\t"`/|;\0é'), '2000', 'false');
    // ZooKeeper takes no white space around a value.
    const value = fc.oneof(
      fc.string({ unit, maxLength: 4 }).map((text) => text.trim()),
      fc.constantFrom('2000', '10', '60', '1', '3', 'false', 'srvr, mntr'),
    );
    fc.assert(
      fc.property(key, value, (key, value) => {
        const setup = setupOf({ [key]: value });
        expect(family.problems(setup)).toEqual(
          comesOutRight(subject, setup) ? [] : [expect.stringMatching(`^${key}: `)],
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves to kcluster what is its own', () => {
    const own = { dataDir: '/tmp', clientPort: '1', 'server.9': 'h:1:2', peerType: 'observer' };
    expect(family.problems(setupOf({ ...own, 'a=b': 'c' }))).toEqual([
      ...Object.keys(own).map((key) => `${key}: kcluster sets it itself`),
      'a=b: not a key of zoo.cfg',
    ]);
  });
});

const ensembles = byName.filter(([, { family }]) => family !== wurstmeisterZooKeeper);

it.each(ensembles)('%s makes exactly the wished ensemble', (_name, subject) => {
  for (const id of [1, 2, 3]) {
    const setup = setupOf(usual, { id, servers: ensemble });
    expect(subject.family.problems(setup)).toEqual([]);
    expect(seenBy(subject, setup)).toEqual(expected(subject, setup));
  }
});

const loopback = { client: { host: '127.0.0.1', port: 12181 } };
const gap = [server(1), server(3)];
const several = [server(1), server(2, { client: { port: 2182 } })];

/** Ensembles that a family can be told, and others that would come out wrong. */
const shapes: readonly [ZooKeeperFamily, 'takes' | 'refuses', Partial<ZooKeeperSetup>][] = [
  [officialZooKeeper, 'takes', { servers: gap }],
  [officialZooKeeper, 'takes', { id: 3, servers: [server(3)] }],
  [officialZooKeeper, 'takes', { servers: [server(1, loopback), server(2)] }],
  [officialZooKeeper, 'takes', { servers: [server(1), server(2, { observer: true })] }],
  [localZooKeeper, 'takes', { servers: [server(1, loopback), server(2), server(3)] }],
  [strimziZooKeeper, 'takes', { id: 3, servers: gap }],
  [strimziZooKeeper, 'takes', { servers: [server(1, loopback), server(2, { observer: true })] }],
  [confluentZooKeeper, 'takes', { servers: [server(1, loopback), server(2)] }],
  [confluentZooKeeper, 'takes', { servers: [server(2, { observer: true }), server(1)] }],
  [confluentZooKeeper, 'takes', { id: 4, servers: [server(4)] }],
  [confluentZooKeeper, 'refuses', { id: 3, servers: gap }],
  [bitnamiZooKeeper, 'takes', { id: 3, servers: gap }],
  [bitnamiZooKeeper, 'takes', { servers: [server(1), server(2, { observer: true })] }],
  [bitnamiZooKeeper, 'refuses', { servers: [server(1, loopback)] }],
  [debeziumZooKeeper, 'refuses', { id: 3, servers: gap }],
  [debeziumZooKeeper, 'refuses', { servers: [server(1, { client: { port: 2182 } })] }],
  [debeziumZooKeeper, 'refuses', { servers: [server(1), server(2, { host: 'other' })] }],
  [debeziumZooKeeper, 'refuses', { servers: [server(1), server(2, { quorumPort: 2889 })] }],
  [debeziumZooKeeper, 'refuses', { servers: [server(1), server(2, { observer: true })] }],
  [wurstmeisterZooKeeper, 'refuses', { servers: ensemble }],
  [wurstmeisterZooKeeper, 'refuses', { servers: [server(1, loopback)] }],
];

it.each(shapes.map(([family, verb, shape]) => [family.name, verb, shape, family] as const))(
  '%s %s %j',
  (_name, verb, shape, family) => {
    const subject = subjects.find((each) => each.family === family)!;
    const setup = setupOf({}, shape);
    expect(family.problems(setup).length === 0).toBe(verb === 'takes');
    expect(comesOutRight(subject, setup)).toBe(verb === 'takes');
  },
);

it('bitnami has one client port for all servers', () => {
  expect(bitnamiZooKeeper.problems(setupOf({}, { servers: several }))).toEqual([
    'clientPort: the image has one for all servers',
  ]);
});

it('bitnami refuses half a heap, over which it would put its own', () => {
  const setup = setupOf({}, { jvm: { ...jvm, heap: '-Xmx128m' } });
  expect(bitnamiZooKeeper.problems(setup)).toEqual([expect.stringMatching(/^JVMFLAGS: /)]);
});

it('the local image has no admin server', () => {
  expect(localZooKeeper.problems(setupOf({ 'admin.enableServer': 'true' }))).toEqual([
    'admin.enableServer: the image has no Jetty to serve it',
  ]);
});

it('a server that is not in its list is a bug', () => {
  expect(() => confluentZooKeeper.words(setupOf({}, { id: 9 }))).toThrow('no server has the id 9');
});

it('the script for strimzi writes what the environment says, and starts ZooKeeper with it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kcluster-strimzi-'));
  try {
    mkdirSync(join(directory, 'opt/kafka/bin'), { recursive: true });
    mkdirSync(join(directory, 'tmp'));
    const start = join(directory, 'opt/kafka/bin/zookeeper-server-start.sh');
    writeFileSync(start, '#!/bin/sh\ncat "$1"\n', { mode: 0o755 });
    const nasty = { 'ssl.x': '$HOME `id` "q" \'s\' $(id) \\ * ; é' };
    const setup = setupOf(nasty, { id: 2, servers: ensemble });
    const { environment, command = [] } = strimziZooKeeper.words(setup);
    const script = command[2]!.replaceAll(/\/(home|tmp|opt)\//g, `${directory}/$1/`);
    const printed = execFileSync('sh', ['-c', script], {
      env: { PATH: process.env['PATH'], ...environment },
      encoding: 'utf8',
    });
    expect(printed).toBe(`${environment['ZOO_CFG']}\n`);
    expect(readFileSync(join(directory, 'home/kafka/data/myid'), 'utf8')).toBe('2\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
