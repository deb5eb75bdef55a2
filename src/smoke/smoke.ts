import { randomBytes } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import type { Engine } from '../cluster/engine.js';
import { kafkaClient } from '../clients/kafka.js';
import { withZooKeeper } from '../clients/zookeeper.js';
import { interrupted, messageOf } from '../errors.js';
import { dialBy } from '../readiness/readiness.js';
import { findRoutes, type Route } from '../readiness/routes.js';
import type { Emit } from '../report/events.js';
import { nodesOf, zookeeperConnect, type Topology } from '../topology/topology.js';
import {
  deletionCheck,
  groupCheck,
  recordsCheck,
  topicCheck,
  type ListenerRoute,
} from './record-checks.js';
import { CheckList, type CheckBody, type SmokeReport } from './report.js';
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
  // Clients would try for a long time to reach a node that is not there.
  if (!(await list.run('nodes run', nodesCheck(context)))) return reportOf(context, list);
  await checkZooKeeper(list, context, runId);
  endIfAborted(context);
  await checkKafka(list, context, `kcluster-smoke-${runId}`);
  endIfAborted(context);
  return reportOf(context, list);
}

function reportOf({ topology }: SmokeContext, list: CheckList): SmokeReport {
  return { cluster: topology.project, ok: list.ok, checks: list.checks };
}

/** Every node of the cluster runs. */
function nodesCheck({ engine, topology }: SmokeContext): CheckBody {
  const text = (nodes: readonly { service: string; state: string }[]): string =>
    nodes.map(({ service, state }) => `${service} ${state}`).join(', ');
  return {
    expected: text(nodesOf(topology).map(({ service }) => ({ service, state: 'running' }))),
    async see() {
      const { nodes } = await engine.observe(topology.project);
      const stateOf = (service: string): string =>
        nodes.find((node) => node.service === service)?.state ?? 'not there';
      return text(nodesOf(topology).map(({ service }) => ({ service, state: stateOf(service) })));
    },
  };
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

async function checkKafka(list: CheckList, context: SmokeContext, topic: string): Promise<void> {
  const { topology, signal } = context;
  const partitions = topology.brokers.length;
  const routes = (await findRoutes(topology)).map((route): ListenerRoute => ({
    listener: route.name,
    ...(route.how !== undefined && { how: route.how }),
    kafka: clientBy(route, context),
    topic,
    groupId: `${topic}-${route.name.toLowerCase().replace('/', '-')}`,
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

function clientBy(route: Route, { engine, topology }: SmokeContext): Kafka {
  return kafkaClient(
    topology.brokers.flatMap((broker) => route.advertised(broker) ?? []),
    dialBy(route, engine, topology),
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
