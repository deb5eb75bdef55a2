import type { Request } from './request.js';

export interface Fetched {
  code: number;
  /** Up to here every transaction has come to its end. */
  lastStableOffset: bigint;
  /** Transactions that were aborted, from the first offset of each on. */
  aborted: { producerId: bigint; firstOffset: bigint }[];
  /** Record batches, one after the other; the last may be cut off. */
  records: Buffer;
}

const readCommitted = 1; // org.apache.kafka.common.IsolationLevel.READ_COMMITTED
const maxBytes = 1_000_000;

/**
 * Fetches what a partition holds from an offset on, as far as transactions have ended. For the partition's leader.
 * kafkajs reads only as a member of a consumer group, which would leave the group behind. Kafka 0.11 and newer.
 */
export function fetchRequest(topic: string, partition: number, offset: bigint): Request<Fetched> {
  return {
    apiKey: 1,
    apiVersion: 4,
    flexible: false,
    encode: (to) =>
      to
        .int32(-1) // No replica: a consumer.
        .int32(0)
        .int32(0)
        .int32(maxBytes)
        .int8(readCommitted)
        .array([topic], (name) =>
          to.string(name).array([partition], (id) => to.int32(id).int64(offset).int32(maxBytes)),
        ),
    decode(from) {
      from.int32();
      const [[fetched] = []] = from.array(() => {
        from.string();
        return from.array((): Fetched => {
          from.int32();
          const code = from.int16();
          from.int64();
          const lastStableOffset = from.int64();
          const aborted = from.array(() => ({
            producerId: from.int64(),
            firstOffset: from.int64(),
          }));
          return { code, lastStableOffset, aborted, records: from.blob() ?? Buffer.alloc(0) };
        });
      });
      if (!fetched) throw new Error(`the broker says nothing of ${topic}-${partition}`);
      return fetched;
    },
  };
}
