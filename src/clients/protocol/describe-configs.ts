import type { Request, Verdict } from './request.js';
import type { Reader } from './wire.js';

const topicResource = 2; // org.apache.kafka.common.config.ConfigResource.Type.TOPIC

/** Where a value comes from, by the number on the wire (DescribeConfigsResponse.ConfigSource). */
const sources: Readonly<Record<number, string>> = {
  1: 'DYNAMIC_TOPIC_CONFIG',
  2: 'DYNAMIC_BROKER_CONFIG',
  3: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
  4: 'STATIC_BROKER_CONFIG',
  5: 'DEFAULT_CONFIG',
};

export interface DescribedConfig {
  value: string | null;
  /** One of Kafka's names, `STATIC_BROKER_CONFIG`. */
  source: string;
}

export interface TopicConfigs extends Verdict {
  topic: string;
  /** What differs from Kafka's default. */
  changed: Record<string, DescribedConfig>;
}

/** What holds for topics that is not Kafka's default, whoever set it. For any broker; Kafka 1.1 and newer. */
export function describeConfigsRequest(topics: readonly string[]): Request<TopicConfigs[]> {
  return {
    apiKey: 32,
    apiVersion: 1,
    flexible: false,
    encode: (to) =>
      to
        .array(topics, (topic) =>
          to
            .int8(topicResource)
            .string(topic)
            .array(null, () => undefined),
        )
        .bool(false),
    decode(from) {
      from.int32(); // throttle time
      return from.array((): TopicConfigs => {
        const verdict = { code: from.int16(), message: from.string() };
        from.int8(); // kind of resource
        const topic = from.string()!;
        const configs = from.array(() => readConfig(from));
        const changed = configs.filter(([, { source }]) => source !== sources[5]);
        return { ...verdict, topic, changed: Object.fromEntries(changed) };
      });
    },
  };
}

function readConfig(from: Reader): [name: string, config: DescribedConfig] {
  const [name, value] = [from.string()!, from.string()];
  from.bool(); // read-only
  const source = sources[from.int8()] ?? 'UNKNOWN';
  from.bool(); // sensitive
  from.array(() => [from.string(), from.string(), from.int8()]); // synonyms
  return [name, { value, source }];
}
