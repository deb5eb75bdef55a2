import type { Admin, ITopicConfig } from 'kafkajs';
import { brokerTimeoutMs, type KafkaAccess } from '../clients/access.js';
import { failureText } from '../clients/failures.js';
import { askEveryBroker, isrLacks } from '../topics/isr.js';
import type { Topology } from '../topology/topology.js';
import { leftOf } from './leftovers.js';
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

/** Groups and topic of this run are gone again. Of a request whose answer was lost, too, what is there tells. */
export function deletionCheck(
  { admin, access, topic, signal }: TopicRun,
  groupIds: readonly string[],
): CheckBody {
  const expected = `${topic} and its groups are gone`;
  return {
    expected,
    async see() {
      const failures = [
        await failureOf(admin.deleteGroups([...groupIds])),
        await failureOf(admin.deleteTopics({ topics: [topic], timeout: brokerTimeoutMs })),
      ];
      return await seeUntil(expected, signal, async () => {
        const left = await leftOf(access, topic);
        if (left.length === 0) return expected;
        return [...left, ...failures.flatMap((failure) => failure ?? [])].join('; ');
      });
    },
  };
}

/** Undefined when it did not fail. */
async function failureOf(request: Promise<unknown>): Promise<string | undefined> {
  return await request.then(() => undefined, failureText);
}
