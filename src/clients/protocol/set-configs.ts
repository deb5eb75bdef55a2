import type { Request, Verdict } from './request.js';

export interface TopicConfig {
  topic: string;
  config: Readonly<Record<string, string>>;
}

const topicResource = 2; // org.apache.kafka.common.config.ConfigResource.Type.TOPIC
const setOperation = 0; // org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET

/**
 * Sets these keys of topics and leaves their others as they are (KIP-339; Kafka 2.3 and newer). For the controller.
 * kafkajs has only the older request, which takes away every key that it does not name.
 */
export function setConfigsRequest(
  topics: readonly TopicConfig[],
): Request<(Verdict & { topic: string })[]> {
  return {
    apiKey: 44,
    apiVersion: 0,
    flexible: false,
    encode: (to) =>
      to
        .array(topics, ({ topic, config }) =>
          to
            .int8(topicResource)
            .string(topic)
            .array(Object.entries(config), ([key, value]) =>
              to.string(key).int8(setOperation).string(value),
            ),
        )
        .bool(false),
    decode(from) {
      from.int32();
      return from.array(() => {
        const verdict = { code: from.int16(), message: from.string() };
        from.int8();
        return { ...verdict, topic: from.string()! };
      });
    },
  };
}
