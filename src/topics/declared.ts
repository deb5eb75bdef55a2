import { resolve } from 'node:path';
import type { ClusterSpec } from '../spec/schema.js';

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

/**
 * The topics of a specification.
 * @param directory what paths of seeds are relative to
 */
export function declaredTopics(
  { topics }: Pick<ClusterSpec, 'topics'>,
  directory: string,
): DeclaredTopic[] {
  return Object.entries(topics).map(([name, { partitions, replication, config, seed }]) => ({
    name,
    config,
    ...(partitions !== undefined && { partitions }),
    ...(replication !== undefined && { replication }),
    ...(seed !== undefined && { seed: resolve(directory, seed) }),
  }));
}
