import { askAny, requestTimeoutMs, type KafkaAccess } from './access.js';
import {
  describeConfigsRequest,
  type DescribedConfig,
  type ResourceConfigs,
} from './protocol/describe-configs.js';
import { ErrorCode, wordsOf } from './protocol/request.js';
import { KclusterError } from '../errors.js';

/** A topic's configuration, each value as Kafka writes it. */
export interface TopicConfiguration {
  /** Set on the topic itself: Kafka's DYNAMIC_TOPIC_CONFIG. */
  own: Record<string, string>;
  /** What holds for the topic, wherever it comes from. */
  effective: Record<string, string>;
}

/**
 * The configurations of topics, by name, as the broker knows them that `anyMetadata` asks too: what that one lists it can
 * describe, while another may not have heard of it yet.
 * @throws KclusterError `notReady`
 */
export async function describeTopicConfigs(
  access: KafkaAccess,
  topics: readonly string[],
): Promise<Map<string, TopicConfiguration>> {
  if (topics.length === 0) return new Map();
  const request = describeConfigsRequest(topics.map((name) => ({ kind: 'topic', name })));
  const answers = await askAny(access, requestTimeoutMs, request);
  return new Map(answers.map((answer) => [answer.name, configurationOf(answer)]));
}

function configurationOf({ name, configs, ...verdict }: ResourceConfigs): TopicConfiguration {
  if (verdict.code !== ErrorCode.none)
    throw new KclusterError('notReady', `no settings of topic ${name}: ${wordsOf(verdict)}`);
  const values = (isWanted: (config: DescribedConfig) => boolean): Record<string, string> =>
    Object.fromEntries(
      Object.entries(configs).flatMap(([key, config]) =>
        config.value !== null && isWanted(config) ? [[key, config.value]] : [],
      ),
    );
  return {
    own: values(({ source }) => source === 'DYNAMIC_TOPIC_CONFIG'),
    effective: values(() => true),
  };
}
