import type { Request, Verdict } from './request.js';
import type { Reader } from './wire.js';

export interface PartitionTarget {
  topic: string;
  partition: number;
  /** Ids of the brokers that are to hold it, the preferred leader first; null cancels the move that is under way. */
  replicas: readonly number[] | null;
}

export interface PartitionVerdict extends Verdict {
  topic: string;
  partition: number;
}

/**
 * Begins to move partitions, or cancels moves (KIP-455; Kafka 2.4 and newer). For the controller.
 * kafkajs refuses the null that cancels.
 */
export function alterReassignmentsRequest(
  targets: readonly PartitionTarget[],
  timeoutMs: number,
): Request<PartitionVerdict[]> {
  return {
    apiKey: 45,
    apiVersion: 0,
    flexible: true,
    encode: (to) =>
      to
        .int32(timeoutMs)
        .array(byTopic(targets), ([topic, partitions]) =>
          to
            .string(topic)
            .array(partitions, ({ partition, replicas }) =>
              to
                .int32(partition)
                .array(replicas, (id) => to.int32(id))
                .end(),
            )
            .end(),
        )
        .end(),
    decode(from) {
      from.int32();
      const whole = { code: from.int16(), message: from.string() };
      const perTopic = from.array(() => {
        const topic = from.string()!;
        const verdicts = from.array((): PartitionVerdict => {
          const partition = from.int32();
          const verdict = { topic, partition, code: from.int16(), message: from.string() };
          from.end();
          return verdict;
        });
        from.end();
        return verdicts;
      });
      return whole.code === 0
        ? perTopic.flat()
        : targets.map(({ topic, partition }) => ({ topic, partition, ...whole }));
    },
  };
}

/** A move that is under way. */
export interface OngoingMove {
  topic: string;
  partition: number;
  /** Every broker that holds it now or is to; less `removing`, where the move leads to. */
  replicas: number[];
  removing: number[];
}

/** Every move that is under way (KIP-455; Kafka 2.4 and newer). For the controller. */
export function listReassignmentsRequest(
  timeoutMs: number,
): Request<(Verdict & { moves: OngoingMove[] })[]> {
  return {
    apiKey: 46,
    apiVersion: 0,
    flexible: true,
    encode: (to) =>
      to
        .int32(timeoutMs)
        .array(null, () => undefined)
        .end(),
    decode(from) {
      from.int32();
      const verdict = { code: from.int16(), message: from.string() };
      const perTopic = from.array(() => {
        const topic = from.string()!;
        const moves = from.array((): OngoingMove => {
          const partition = from.int32();
          const replicas = readIds(from);
          readIds(from);
          const removing = readIds(from);
          from.end();
          return { topic, partition, replicas, removing };
        });
        from.end();
        return moves;
      });
      return [{ ...verdict, moves: perTopic.flat() }];
    },
  };
}

function readIds(from: Reader): number[] {
  return from.array(() => from.int32());
}

const preferredElection = 0; // org.apache.kafka.common.ElectionType.PREFERRED

/** Makes the first replica of each partition its leader (KIP-460; Kafka 2.4 and newer). For the controller. */
export function electPreferredLeadersRequest(
  partitions: readonly { topic: string; partition: number }[],
  timeoutMs: number,
): Request<PartitionVerdict[]> {
  return {
    apiKey: 43,
    apiVersion: 1,
    flexible: false,
    encode: (to) =>
      to
        .int8(preferredElection)
        .array(byTopic(partitions), ([topic, each]) =>
          to.string(topic).array(each, ({ partition }) => to.int32(partition)),
        )
        .int32(timeoutMs),
    decode(from) {
      from.int32();
      const whole = { code: from.int16(), message: null };
      const perTopic = from.array(() => {
        const topic = from.string()!;
        return from.array((): PartitionVerdict => {
          const partition = from.int32();
          return { topic, partition, code: from.int16(), message: from.string() };
        });
      });
      return whole.code === 0
        ? perTopic.flat()
        : partitions.map(({ topic, partition }) => ({ topic, partition, ...whole }));
    },
  };
}

function byTopic<T extends { topic: string }>(items: readonly T[]): [topic: string, items: T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.topic);
    if (group) group.push(item);
    else groups.set(item.topic, [item]);
  }
  return [...groups];
}
