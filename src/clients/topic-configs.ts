import { createRequire } from 'node:module';
import { withAdmin, type KafkaAccess } from './access.js';

/** A topic's configuration, each value as Kafka writes it. */
export interface TopicConfiguration {
  /** Set on the topic itself: Kafka's DYNAMIC_TOPIC_CONFIG. */
  own: Record<string, string>;
  /** What holds for the topic, wherever it comes from. */
  effective: Record<string, string>;
}

/** The configurations of topics that are there, by name. @throws KclusterError `notReady` */
export async function describeTopicConfigs(
  access: KafkaAccess,
  topics: readonly string[],
): Promise<Map<string, TopicConfiguration>> {
  if (topics.length === 0) return new Map();
  const { ConfigResourceTypes, ConfigSource } = createRequire(import.meta.url)(
    'kafkajs',
  ) as typeof import('kafkajs');
  return await withAdmin(access, async (admin) => {
    const { resources } = await admin.describeConfigs({
      resources: topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
      includeSynonyms: false,
    });
    return new Map(
      resources.map(({ resourceName, configEntries }) => {
        const read = configEntries.map(({ configName, configValue, configSource }) => ({
          entry: [configName, configValue] as const,
          isOwn: configSource === ConfigSource.TOPIC_CONFIG,
        }));
        const own = Object.fromEntries(read.filter(({ isOwn }) => isOwn).map(({ entry }) => entry));
        const effective = Object.fromEntries(read.map(({ entry }) => entry));
        return [resourceName, { own, effective }];
      }),
    );
  });
}
