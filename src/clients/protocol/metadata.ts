import type { Address } from '../../topology/address.js';
import type { Request } from './request.js';
import type { Reader } from './wire.js';

export interface BrokerMetadata {
  id: number;
  /** Where clients of the listener that was asked reach it. */
  address: Address;
  /** `broker.rack`, where it is set. */
  rack?: string;
}

export interface PartitionMetadata {
  partition: number;
  /** The leader's id; undefined while there is none. */
  leader: number | undefined;
  /** Ids of brokers, the preferred leader first. */
  replicas: number[];
  /** Ids of the brokers that are in sync. */
  isr: number[];
}

export interface TopicMetadata {
  name: string;
  partitions: PartitionMetadata[];
}

/** The brokers as one of them knows them. */
export interface BrokerView {
  brokers: BrokerMetadata[];
  /** The controller's id; undefined while there is none. */
  controller: number | undefined;
}

/** The cluster as one broker knows it. */
export interface Metadata extends BrokerView {
  /** Every topic, those that Kafka keeps for itself too. */
  topics: TopicMetadata[];
}

/** Metadata of everything; creates no topic. Kafka 1.0 and newer. */
export const metadataRequest: Request<Metadata> = {
  apiKey: 3,
  apiVersion: 5,
  flexible: false,
  encode: (to) => to.array(null, () => undefined).bool(false),
  decode(from) {
    from.int32();
    const brokers = from.array(() => {
      const broker = { id: from.int32(), address: { host: from.string()!, port: from.int32() } };
      const rack = from.string();
      return { ...broker, ...(rack !== null && { rack }) };
    });
    from.string();
    const controller = from.int32();
    const topics = from.array((): TopicMetadata => {
      from.int16();
      const name = from.string()!;
      from.bool();
      return { name, partitions: from.array(() => readPartition(from)) };
    });
    return { brokers, controller: idOf(controller), topics };
  },
};

/** Metadata of the brokers alone. Kafka 1.0 and newer. */
export const brokersRequest: Request<BrokerView> = {
  ...metadataRequest,
  encode: (to) => to.array([], () => undefined).bool(false),
};

function readPartition(from: Reader): PartitionMetadata {
  from.int16();
  const partition = from.int32();
  const leader = idOf(from.int32());
  const [replicas, isr] = [from.array(() => from.int32()), from.array(() => from.int32())];
  from.array(() => from.int32());
  return { partition, leader, replicas, isr };
}

/** Kafka writes -1, and -2 for a topic that is being deleted, where there is no broker. */
function idOf(id: number): number | undefined {
  return id < 0 ? undefined : id;
}
