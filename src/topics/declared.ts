/** A topic as the specification declares it. */
export interface DeclaredTopic {
  name: string;
  /** Undefined: the brokers' `num.partitions`, or as it is where the topic is there. */
  partitions?: number;
  /** Undefined: the brokers' `default.replication.factor`, or as it is where the topic is there. */
  replication?: number;
  config: Record<string, string>;
  /** The absolute path of a file with the records that the topic begins with. */
  seed?: string;
}
