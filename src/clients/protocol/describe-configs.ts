import type { Request, Verdict } from './request.js';
import type { Reader } from './wire.js';

/** By the number on the wire (org.apache.kafka.common.config.ConfigResource.Type). */
const resourceKinds = { topic: 2, broker: 4 } as const;

export type ConfigSource =
  | 'DYNAMIC_TOPIC_CONFIG'
  | 'DYNAMIC_BROKER_CONFIG'
  | 'DYNAMIC_DEFAULT_BROKER_CONFIG'
  | 'STATIC_BROKER_CONFIG'
  | 'DEFAULT_CONFIG'
  | 'UNKNOWN';

/** Where a value comes from, by the number on the wire (DescribeConfigsResponse.ConfigSource). */
const sources: Readonly<Record<number, ConfigSource>> = {
  1: 'DYNAMIC_TOPIC_CONFIG',
  2: 'DYNAMIC_BROKER_CONFIG',
  3: 'DYNAMIC_DEFAULT_BROKER_CONFIG',
  4: 'STATIC_BROKER_CONFIG',
  5: 'DEFAULT_CONFIG',
};

export interface DescribedConfig {
  value: string | null;
  /** One of Kafka's names, or `UNKNOWN` for one that came later. */
  source: ConfigSource;
}

export interface ResourceConfigs extends Verdict {
  /** The topic, or the broker's id. */
  name: string;
  /** What holds for it, wherever it comes from. */
  configs: Record<string, DescribedConfig>;
}

/** A topic, or the broker that is asked. */
export interface ConfigResource {
  kind: keyof typeof resourceKinds;
  name: string;
}

/** What holds for topics, whoever set it, for any broker; or for the broker that is asked. Kafka 1.1 and newer. */
export function describeConfigsRequest(
  resources: readonly ConfigResource[],
): Request<ResourceConfigs[]> {
  return {
    apiKey: 32,
    apiVersion: 1,
    flexible: false,
    encode: (to) =>
      to
        .array(resources, ({ kind, name }) =>
          to
            .int8(resourceKinds[kind])
            .string(name)
            .array(null, () => undefined),
        )
        .bool(false),
    decode(from) {
      from.int32(); // throttle time
      return from.array((): ResourceConfigs => {
        const verdict = { code: from.int16(), message: from.string() };
        from.int8(); // kind of resource
        const name = from.string()!;
        const configs = from.array(() => readConfig(from));
        return { ...verdict, name, configs: Object.fromEntries(configs) };
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
