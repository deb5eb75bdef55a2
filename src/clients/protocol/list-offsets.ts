import type { Request } from './request.js';

/** Which end of a partition's log. */
export type OffsetOf = 'begin' | 'end';

// org.apache.kafka.common.requests.ListOffsetsRequest: EARLIEST_TIMESTAMP, LATEST_TIMESTAMP
const timestamps: Record<OffsetOf, bigint> = { begin: -2n, end: -1n };

export interface ListedOffset {
  topic: string;
  partition: number;
  /** One of Kafka's error codes. */
  code: number;
  offset: bigint;
}

/**
 * Where logs begin or end. For the leader of all of these partitions. Kafka 0.10.1 and newer.
 * kafkajs asks for whole topics, and fails where one partition has no leader.
 */
export function listOffsetsRequest(
  partitions: readonly { topic: string; partition: number }[],
  which: OffsetOf,
): Request<ListedOffset[]> {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  return {
    apiKey: 2,
    apiVersion: 1,
    flexible: false,
    encode: (to) =>
      to
        .int32(-1) // No replica: a consumer.
        .array(topics, (topic) =>
          to.string(topic).array(
            partitions.filter((each) => each.topic === topic),
            ({ partition }) => to.int32(partition).int64(timestamps[which]),
          ),
        ),
    decode(from) {
      const perTopic = from.array(() => {
        const topic = from.string()!;
        return from.array((): ListedOffset => {
          const partition = from.int32();
          const code = from.int16();
          from.int64(); // timestamp
          return { topic, partition, code, offset: from.int64() };
        });
      });
      return perTopic.flat();
    },
  };
}
