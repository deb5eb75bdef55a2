import type { Engine } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { SmokeReport } from '../smoke/report.js';
import { recoverTopology } from '../topology/recover.js';
import type { OperationContext } from './context.js';

/** Proves that a cluster which is there works. @throws KclusterError `interrupted` */
export async function proofOf(
  context: Pick<OperationContext, 'emit' | 'signal'>,
  engine: Engine,
  observed: ObservedProject,
): Promise<SmokeReport> {
  const { smoke } = await import('../smoke/smoke.js');
  const { emit, signal } = context;
  return await smoke({ emit, signal, engine, topology: recoverTopology(observed) });
}
