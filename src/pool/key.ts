import { createHash } from 'node:crypto';
import type { EngineName } from '../cluster/engine.js';
import type { ClusterSpec } from '../spec/schema.js';

/** What every cluster of a pool is, but for its name and its ports. */
export interface PoolShape {
  engine: EngineName;
  spec: ClusterSpec;
  /** Of kcluster: another release may make another cluster of the same specification. */
  version: string;
}

/** Why no cluster of a specification can be made in advance; undefined where it can. Pure. */
export function unpoolable({ spec }: Pick<PoolShape, 'spec'>): string | undefined {
  if (spec.ports === 'fixed') return 'its ports are fixed, and several clusters wait side by side';
  if (Object.values(spec.topics).some(({ seed }) => seed !== undefined))
    return 'its topics are seeded from files, which may have changed by then';
  return undefined;
}

/** The name of the pool in which clusters of a shape wait. Pure. */
export function poolKey({ engine, spec, version }: PoolShape): string {
  const shape = JSON.stringify([engine, version, { ...spec, name: '' }]);
  return createHash('sha256').update(shape).digest('hex').slice(0, 12);
}
