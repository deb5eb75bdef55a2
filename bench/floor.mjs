#!/usr/bin/env node
// The least that a cluster takes here: bare JVMs with the best options known, and a client. It ends when "hello, world"
// has been read; the JVMs go on, with their pids in DIRECTORY/pids.
//   node bench/floor.mjs DIRECTORY ZOOKEEPERS BROKERS [--staged] [--archives DIRECTORY]
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokerView } from '../build/clients/access.js';
import { zookeeperMode } from '../build/clients/srvr.js';
import { classPathOf } from './jars.mjs';
import { sayHello } from './hello-world.mjs';

const { values, positionals } = parseArgs({
  options: {
    staged: { type: 'boolean', default: false },
    archives: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [directory, zookeepers, brokers] = positionals;
const zookeeperPort = 31180;
const kafkaPort = 38092;
const pids = [];

const ensemble = numbers(zookeepers);
const bootstrap = numbers(brokers).map((id) => ({ host: '127.0.0.1', port: kafkaPort + id }));
for (const id of ensemble) startZooKeeper(id);
if (values.staged) await zookeepersServe();
for (const id of numbers(brokers)) startBroker(id);
writeFileSync(join(directory, 'pids'), pids.join('\n'));
await brokersServe();
await sayHello({
  brokers: bootstrap.map(({ host, port }) => `${host}:${port}`),
  replicationFactor: Math.min(3, bootstrap.length),
});
process.exit();

function startZooKeeper(id) {
  const home = join(directory, `zookeeper-${id}`);
  mkdirSync(join(home, 'data'), { recursive: true });
  writeFileSync(join(home, 'data', 'myid'), String(id));
  const servers = ensemble.map((each) => {
    const [peer, election] = [zookeeperPort + 100 + each, zookeeperPort + 200 + each];
    return `server.${each}=127.0.0.1:${peer}:${election}`;
  });
  write(join(home, 'zoo.cfg'), [
    'tickTime=500',
    'initLimit=20',
    'syncLimit=10',
    `dataDir=${home}/data`,
    `clientPort=${zookeeperPort + id}`,
    'clientPortAddress=127.0.0.1',
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr',
    ...(servers.length > 1 ? servers : []),
  ]);
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
  start(home, 'zookeeper', ['-Xms16m', '-Xmx64m'], [main, join(home, 'zoo.cfg')]);
}

function startBroker(id) {
  const home = join(directory, `broker-${id}`);
  mkdirSync(join(home, 'data'), { recursive: true });
  const replication = Math.min(3, bootstrap.length);
  write(join(home, 'server.properties'), [
    `broker.id=${id}`,
    `log.dirs=${home}/data`,
    `listeners=PLAINTEXT://127.0.0.1:${kafkaPort + id}`,
    `zookeeper.connect=${ensemble.map((each) => `127.0.0.1:${zookeeperPort + each}`).join(',')}`,
    'offsets.topic.num.partitions=1',
    `offsets.topic.replication.factor=${replication}`,
    `default.replication.factor=${replication}`,
    'group.initial.rebalance.delay.ms=0',
    'num.network.threads=1',
    'num.io.threads=2',
    'background.threads=2',
    'log.cleaner.dedupe.buffer.size=2097152',
    'controlled.shutdown.retry.backoff.ms=200',
  ]);
  start(home, 'broker', ['-Xms64m', '-Xmx256m'], ['kafka.Kafka', join(home, 'server.properties')]);
}

function start(home, role, heap, program) {
  const archive = values.archives && join(values.archives, `${role}.jsa`);
  const log = openSync(join(home, 'log'), 'w');
  const args = [
    ...heap,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:-UsePerfData',
    ...(archive && !values.record && existsSync(archive)
      ? [`-XX:SharedArchiveFile=${archive}`]
      : []),
    ...(archive && values.record ? [`-XX:ArchiveClassesAtExit=${archive}`] : []),
    `-Dlog4j.configuration=${new URL('../templates/images/log4j.properties', import.meta.url)}`,
    '-cp',
    classPathOf(role),
    ...program,
  ];
  const child = spawn('java', args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  child.unref();
  pids.push(`${role} ${child.pid}`);
}

async function zookeepersServe() {
  await until(async () => {
    const modes = await Promise.all(
      ensemble.map((id) => zookeeperMode(connect(zookeeperPort + id, '127.0.0.1'), 2000)),
    );
    return modes.every(Boolean);
  });
}

async function brokersServe() {
  const dial = ({ host, port }) => connect(port, host);
  await until(async () => {
    const views = await Promise.all(bootstrap.map((address) => brokerView(address, dial, 2000)));
    return views.every(
      (view) => view?.brokers.length === bootstrap.length && view.controller !== undefined,
    );
  });
}

async function until(isSo) {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

function write(path, lines) {
  writeFileSync(path, `${lines.join('\n')}\n`);
}

function numbers(count) {
  return Array.from({ length: Number(count) }, (_, index) => index + 1);
}
