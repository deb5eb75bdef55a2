import type { Admin, ITopicConfig } from 'kafkajs';
import { brokerTimeoutMs, withAdmin, type KafkaAccess } from '../clients/access.js';
import { failureText } from '../clients/failures.js';
import { namesByPrefix } from '../clients/names-by-prefix.js';
import { askEveryBroker, isrLacks } from '../topics/isr.js';
import type { Topology } from '../topology/topology.js';
import { seeUntil, type CheckBody } from './report.js';
import { count } from './words.js';

/** The topic of this run, and the way to the brokers. */
export interface TopicRun {
  admin: Admin;
  access: KafkaAccess;
  topic: string;
  signal: AbortSignal;
}

/**
 * A topic of this run: a partition led by each broker, on as many replicas as the cluster allows, as every broker
 * lists it. kafkajs does not wait for it: it takes a broker that has not heard of the topic yet for a failure.
 */
export function topicCheck(
  { admin, access, topic, signal }: TopicRun,
  { brokers }: Topology,
): CheckBody {
  const ids = brokers.map(({ id }) => id);
  const replicas = Math.min(3, ids.length);
  const replicaAssignment = ids.map((_, index) => ({
    partition: index,
    replicas: Array.from({ length: replicas }, (_, offset) => ids[(index + offset) % ids.length]!),
  }));
  const partitions = count(ids.length, 'partition');
  const expected = `${topic}: ${partitions}, ${count(ids.length * replicas, 'replica')} in sync`;
  return {
    expected,
    async see() {
      let created = false;
      return await seeUntil(expected, signal, async () => {
        // That the topic is there already is no failure to kafkajs: an answer before was lost, or said it took too long.
        if (!created) await create(admin, { topic, replicaAssignment });
        created = true;
        const lacks = isrLacks(await askEveryBroker(access), new Map([[topic, ids.length]]));
        return lacks.length === 0 ? expected : lacks.join('; ');
      });
    },
  };
}

async function create(admin: Admin, topic: ITopicConfig): Promise<void> {
  const options = { waitForLeaders: false, timeout: brokerTimeoutMs };
  await admin.createTopics({ topics: [topic], ...options });
}

/**
 * Groups and topic of this run are gone again. With a client of its own: another may go on asking for the topic, and
 * fails when it is gone.
 */
export function deletionCheck(
  { access, topic, signal }: Omit<TopicRun, 'admin'>,
  groupIds: readonly string[],
): CheckBody {
  const expected = `${topic} and its groups are gone`;
  return {
    expected,
    see: async () =>
      await withAdmin(access, async (admin) => {
        // What is there afterwards tells: of a request whose answer was lost, too.
        const failures = [
          await failureOf(admin.deleteGroups([...groupIds])),
          await failureOf(admin.deleteTopics({ topics: [topic], timeout: brokerTimeoutMs })),
        ].flatMap((failure) => failure ?? []);
        return await seeUntil(expected, signal, async () => {
          // All that a run makes begins with the topic's name.
          const { topics, groups } = await namesByPrefix(admin, topic);
          const left = [...topics, ...groups];
          if (left.length === 0) return expected;
          return [`still there: ${left.join(', ')}`, ...failures].join('; ');
        });
      }),
  };
}

/** Undefined when it did not fail. */
async function failureOf(request: Promise<unknown>): Promise<string | undefined> {
  return await request.then(() => undefined, failureText);
}

/** After a check that failed or was interrupted, what it made may still be there. */
export async function removeLeftovers(access: KafkaAccess, topic: string): Promise<void> {
  try {
    await withAdmin(access, async (admin) => {
      // All that a run makes begins with the topic's name.
      const { topics, groups } = await namesByPrefix(admin, topic);
      if (groups.length > 0) await admin.deleteGroups(groups);
      if (topics.length > 0) await admin.deleteTopics({ topics });
    });
  } catch {
    // The brokers are out of reach; the report says so already.
  }
}
