import { randomBytes } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import type { Engine, Place } from '../cluster/engine.js';
import { kafkaClient } from '../clients/kafka.js';
import { withZooKeeper } from '../clients/zookeeper.js';
import { interrupted, messageOf } from '../errors.js';
import { addressFrom } from '../readiness/readiness.js';
import type { Emit } from '../report/events.js';
import { zookeeperConnect, type Topology } from '../topology/topology.js';
import {
  deletionCheck,
  groupCheck,
  recordsCheck,
  topicCheck,
  type ListenerRoute,
} from './record-checks.js';
import { CheckList, type SmokeReport } from './report.js';
import { controllerCheck, registrationCheck, znodeCheck } from './zookeeper-checks.js';

export type { SmokeReport } from './report.js';

export interface SmokeContext {
  engine: Engine;
  topology: Topology;
  signal: AbortSignal;
  emit: Emit;
}

const requestTimeoutMs = 10_000;

/**
 * Proves that the cluster does its work, and leaves nothing behind: not a znode, topic or group.
 * @throws KclusterError `interrupted` when the signal aborts; a check that fails is in the report
 */
export async function smoke(context: SmokeContext): Promise<SmokeReport> {
  const list = new CheckList(context.emit);
  const runId = randomBytes(4).toString('hex');
  await checkZooKeeper(list, context, runId);
  endIfAborted(context);
  await checkKafka(list, context, `kcluster-smoke-${runId}`);
  endIfAborted(context);
  return { cluster: context.topology.project, ok: list.ok, checks: list.checks };
}

function endIfAborted({ signal }: SmokeContext): void {
  if (signal.aborted) throw interrupted();
}

async function checkZooKeeper(
  list: CheckList,
  { topology }: SmokeContext,
  runId: string,
): Promise<void> {
  const connect = zookeeperConnect(topology);
  try {
    await withZooKeeper(connect, requestTimeoutMs, async (session) => {
      await list.run('znode written and read back', znodeCheck(session, runId));
      await list.run('brokers registered', registrationCheck(session, topology));
      await list.run('controller elected', controllerCheck(session, topology));
    });
  } catch (error) {
    list.skip('ZooKeeper session', `a session with ${connect}`, messageOf(error));
  }
}

const listeners: Record<Place, string> = { host: 'HOST', network: 'INTERNAL' };

async function checkKafka(list: CheckList, context: SmokeContext, topic: string): Promise<void> {
  const { topology, signal } = context;
  const partitions = topology.brokers.length;
  const routes = (['host', 'network'] as const).map((place): ListenerRoute => ({
    listener: listeners[place],
    kafka: clientAt(place, context),
    topic,
    groupId: `${topic}-${listeners[place].toLowerCase()}`,
    partitions,
    signal,
  }));
  const groupIds = routes.map(({ groupId }) => groupId);
  const admin = routes[0]!.kafka.admin();
  try {
    await admin.connect();
    if (!(await list.run('topic created', topicCheck(admin, topic, topology)))) return;
    for (const route of routes) {
      if (signal.aborted) return;
      await list.run(`records through the ${route.listener} listener`, recordsCheck(route));
    }
    await list.run('group offsets committed', groupCheck(admin, topic, groupIds, partitions));
    await list.run('topic and groups deleted', deletionCheck(admin, topic, groupIds));
  } catch (error) {
    list.skip('Kafka session', 'a session with the brokers', messageOf(error));
  } finally {
    await removeLeftovers(admin, topic);
    await admin.disconnect();
  }
}

function clientAt(place: Place, { engine, topology }: SmokeContext): Kafka {
  return kafkaClient(
    topology.brokers.map((broker) => addressFrom(broker, place)),
    (to) => engine.dial(topology.project, place, to),
    { requestTimeoutMs, retries: 8 },
  );
}

/** After a check that failed or was interrupted, what it made may still be there. */
async function removeLeftovers(admin: Admin, topic: string): Promise<void> {
  try {
    const { groups } = await admin.listGroups();
    const leftGroups = groups.map(({ groupId }) => groupId).filter((id) => id.startsWith(topic));
    if (leftGroups.length > 0) await admin.deleteGroups(leftGroups);
    if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] });
  } catch {
    // The brokers are out of reach; the report says so already.
  }
}
