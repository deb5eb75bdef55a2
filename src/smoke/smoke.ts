import { randomBytes } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import type { Engine } from '../cluster/engine.js';
import { requestTimeoutMs, type KafkaAccess } from '../clients/access.js';
import { kafkaClient } from '../clients/kafka.js';
import { withZooKeeper } from '../clients/zookeeper.js';
import { interrupted, messageOf } from '../errors.js';
import { dialBy } from '../readiness/readiness.js';
import { findRoutes, hostRoute, type Route } from '../readiness/routes.js';
import type { Emit } from '../report/events.js';
import { nodesOf, zookeeperConnect, type Topology } from '../topology/topology.js';
import { groupCheck, recordsCheck, type ListenerRoute } from './record-checks.js';
import { CheckList, type CheckBody, type SmokeReport } from './report.js';
import { deletionCheck, removeLeftovers, topicCheck } from './topic-checks.js';
import { controllerCheck, registrationCheck, znodeCheck } from './zookeeper-checks.js';

export type { SmokeReport } from './report.js';

export interface SmokeContext {
  engine: Engine;
  topology: Topology;
  signal: AbortSignal;
  emit: Emit;
}

/**
 * Proves that the cluster does its work, and leaves nothing behind: not a znode, topic or group.
 * @throws KclusterError `interrupted` when the signal aborts; a check that fails is in the report
 */
export async function smoke(context: SmokeContext): Promise<SmokeReport> {
  const list = new CheckList(context);
  const runId = randomBytes(4).toString('hex');
  // Clients would try for a long time to reach a node that is not there.
  if (!(await list.run('nodes run', nodesCheck(context)))) return reportOf(context, list);
  await checkZooKeeper(list, context, runId);
  await checkKafka(list, context, `kcluster-smoke-${runId}`);
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

async function checkZooKeeper(
  list: CheckList,
  { topology, signal }: SmokeContext,
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
    if (signal.aborted) throw interrupted();
    list.skip('ZooKeeper session', `a session with ${connect}`, messageOf(error));
  }
}

async function checkKafka(list: CheckList, context: SmokeContext, topic: string): Promise<void> {
  const { engine, topology, signal } = context;
  const partitions = topology.brokers.length;
  const routes = (await findRoutes(topology)).map((route): ListenerRoute => ({
    listener: route.name,
    ...(route.how !== undefined && { how: route.how }),
    kafka: clientBy(accessBy(route, engine, topology)),
    topic,
    groupId: `${topic}-${route.name.toLowerCase().replace('/', '-')}`,
    partitions,
    signal,
  }));
  const groupIds = routes.map(({ groupId }) => groupId);
  const access = accessBy(hostRoute, engine, topology);
  const admin = clientBy(access).admin();
  const run = { admin, access, topic, signal };
  try {
    await admin.connect();
    if (!(await list.run('topic created', topicCheck(run, topology)))) return;
    for (const route of routes)
      await list.run(`records through the ${route.listener} listener`, recordsCheck(route));
    await list.run('group offsets committed', groupCheck(run, groupIds, partitions));
    await list.run('topic and groups deleted', deletionCheck(run, groupIds));
  } catch (error) {
    if (signal.aborted) throw interrupted();
    list.skip('Kafka session', 'a session with the brokers', messageOf(error));
  } finally {
    await removeLeftovers(access, topic);
    await admin.disconnect();
  }
}

function accessBy(route: Route, engine: Engine, topology: Topology): KafkaAccess {
  return {
    bootstrap: topology.brokers.flatMap((broker) => route.advertised(broker) ?? []),
    dial: dialBy(route, engine, topology),
  };
}

function clientBy({ bootstrap, dial }: KafkaAccess): Kafka {
  return kafkaClient(bootstrap, dial, { requestTimeoutMs, retries: 8 });
}
