import { randomBytes } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import type { Engine } from '../cluster/engine.js';
import { requestTimeoutMs, type KafkaAccess } from '../clients/access.js';
import { kafkaClient, loadKafkajs } from '../clients/kafka.js';
import { loadZooKeeperClient, withZooKeeper } from '../clients/zookeeper.js';
import { interrupted, messageOf } from '../errors.js';
import { dialBy } from '../readiness/readiness.js';
import { findRoutes, hostRoute, type Route } from '../readiness/routes.js';
import type { Emit } from '../report/events.js';
import { allEnded } from '../system/abort.js';
import { nodesOf, zookeeperConnect, type Topology } from '../topology/topology.js';
import { prepareGroups } from './groups.js';
import { removeLeftovers } from './leftovers.js';
import {
  closeClients,
  groupCheck,
  openClients,
  recordsCheck,
  type ListenerRoute,
} from './record-checks.js';
import { CheckList, type CheckBody, type SmokeReport } from './report.js';
import { deletionCheck, topicCheck } from './topic-checks.js';
import { controllerCheck, registrationCheck, znodeCheck } from './zookeeper-checks.js';

export type { SmokeReport } from './report.js';

export interface SmokeContext {
  engine: Engine;
  topology: Topology;
  signal: AbortSignal;
  emit: Emit;
}

/** Loads the clients, so that a proof which begins later need not wait for that. */
export function loadClients(): void {
  loadKafkajs();
  loadZooKeeperClient();
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
  const [zookeeper, kafka] = [new CheckList(context), new CheckList(context)];
  await allEnded([
    checkZooKeeper(zookeeper, context, runId),
    checkKafka(kafka, context, `kcluster-smoke-${runId}`),
  ]);
  return reportOf(context, list, zookeeper, kafka);
}

function reportOf({ topology }: SmokeContext, ...lists: CheckList[]): SmokeReport {
  const checks = lists.flatMap((list) => list.checks);
  return { cluster: topology.project, ok: checks.every(({ ok }) => ok), checks };
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
  const access = accessBy(hostRoute, engine, topology);
  const kafka = clientBy(access);
  // One that has asked for the topic goes on asking for it, and fails when it is gone.
  const [admin, deleter] = [kafka.admin(), kafka.admin()];
  const routes = await listenerRoutes(context, topic);
  const groupIds = routes.map(({ groupId }) => groupId);
  const run = { admin, access, topic, signal };
  let isClean = false;
  try {
    await allEnded([admin.connect(), deleter.connect()]);
    const [isCreated] = await allEnded([
      list.run('topic created', topicCheck(run, topology)),
      prepareGroups(access, groupIds, signal),
    ]);
    if (!isCreated) return;
    await allEnded(
      routes.map(async (route) => {
        await list.run(`records through the ${route.listener} listener`, recordsCheck(route));
      }),
    );
    const offsets = groupCheck(run, groupIds, topology.brokers.length);
    await list.run('group offsets committed', offsets);
    const deletion = deletionCheck({ ...run, admin: deleter }, groupIds);
    isClean = await list.run('topic and groups deleted', deletion);
  } catch (error) {
    if (signal.aborted) throw interrupted();
    list.skip('Kafka session', 'a session with the brokers', messageOf(error));
  } finally {
    await allEnded(routes.map(async ({ clients }) => await closeClients(clients)));
    if (!isClean) await removeLeftovers(access, topic);
    await allEnded([admin.disconnect(), deleter.disconnect()]);
  }
}

/** Every listener of the cluster, and clients of it. */
async function listenerRoutes(
  { engine, topology, signal }: SmokeContext,
  topic: string,
): Promise<ListenerRoute[]> {
  return (await findRoutes(topology)).map((route): ListenerRoute => {
    const groupId = `${topic}-${route.name.toLowerCase().replace('/', '-')}`;
    return {
      listener: route.name,
      ...(route.how !== undefined && { how: route.how }),
      clients: openClients(clientBy(accessBy(route, engine, topology)), groupId),
      topic,
      groupId,
      partitions: topology.brokers.length,
      signal,
    };
  });
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
