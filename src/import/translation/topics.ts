import { namesOf, sizeOf, type Cluster, type ComposeContext } from '../context.js';
import { countOf, topicsMadeBy, type MadeTopic } from '../topic-commands.js';
import { configOf, entriesAsMeant, topicListOf, type TopicEntry } from '../topic-list.js';
import type { User } from '../users.js';
import { partOf, type Part } from './part.js';

/** Topics that brokers' images make, and those that other services make with Kafka's tools. */
export function topicsPart(
  context: ComposeContext,
  cluster: Cluster,
  users: readonly User[],
): Part {
  const size = sizeOf(cluster);
  const listed = cluster.brokers.flatMap((broker) => {
    const list = topicListOf(broker);
    return list ? entriesAsMeant(list).map(topicOf) : [];
  });
  const elsewhere = new Set(namesBeside(context, cluster));
  const made = users
    .flatMap(({ service }) => topicsMadeBy(service))
    .filter(({ host }) => host === undefined || !elsewhere.has(host));
  const byName = new Map<string, MadeTopic>();
  for (const topic of [...listed, ...made])
    if (/^(?!\.{1,2}$)[\w.-]{1,249}$/.test(topic.name) && !byName.has(topic.name))
      byName.set(topic.name, topic);
  return partOf(
    [...byName.values()].map((topic) => [
      ['topics', topic.name],
      declared(topic, size),
      reasonFor(topic, size),
    ]),
  );
}

/** The hosts of other clusters of the file. */
function namesBeside({ clusters }: ComposeContext, cluster: Cluster): string[] {
  return clusters
    .filter((each) => each !== cluster)
    .flatMap(({ brokers, servers }) => [...brokers, ...servers])
    .flatMap(({ service }) => namesOf(service));
}

function topicOf({ name, partitions, replicas, policy, options }: TopicEntry): MadeTopic {
  const counts = { partitions: countOf(partitions), replicas: countOf(replicas) };
  return {
    name,
    ...(counts.partitions !== undefined && { partitions: counts.partitions }),
    ...(counts.replicas !== undefined && { replicas: counts.replicas }),
    config: {
      ...(/^(compact|delete)(,(compact|delete))?$/.test(policy) && { 'cleanup.policy': policy }),
      ...configOf(options),
    },
  };
}

/** A topic without a number has Kafka's own, which is that of the cluster. */
function declared({ partitions, replicas, config }: MadeTopic, size: number): unknown {
  return {
    ...(partitions !== undefined && { partitions }),
    ...(replicas !== undefined && { replication: Math.min(replicas, size) }),
    ...(Object.keys(config).length > 0 && { config }),
  };
}

function reasonFor({ replicas }: MadeTopic, size: number): string | undefined {
  return replicas !== undefined && replicas > size
    ? `${replicas} replicas need as many brokers.`
    : undefined;
}
