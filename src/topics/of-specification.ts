import { resolve } from 'node:path';
import type { ClusterSpec } from '../spec/schema.js';
import type { DeclaredTopic } from './declared.js';

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
