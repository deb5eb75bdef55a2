import type { Engine } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { Plan } from '../cluster/plan.js';
import type { ComposeDocument } from '../compose/document.js';
import { messageOf } from '../errors.js';
import type { ResolvedSpec } from '../spec/resolve.js';
import { unlessAborted } from '../system/abort.js';
import type { Topology } from '../topology/topology.js';
import type { OperationContext } from './context.js';
import type { Prepared } from './raise.js';

/** A start that failed or was interrupted, with all that it made still there. */
export interface FailedStart {
  engine: Engine;
  /** What is there now. */
  observed: ObservedProject;
  /** What was to be there. */
  topology: Topology;
  document: ComposeDocument;
  spec: ResolvedSpec;
  plan: Plan;
  error: unknown;
  /**
   * Aborts when the run is interrupted from now on; then it is not waited for any more. A run that was interrupted
   * before is left at once by a second signal, as always.
   */
  signal: AbortSignal;
}

export type OnFailure = (failed: FailedStart) => Promise<void>;

/** Tells of the failure of the body, which is thrown all the same; a failure of the telling is a warning. */
export async function toldOnFailure<T>(
  context: OperationContext,
  onFailure: OnFailure | undefined,
  prepared: Prepared,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (onFailure) await tell(context, onFailure, prepared, error);
    throw error;
  }
}

async function tell(
  context: OperationContext,
  onFailure: OnFailure,
  { project, design, plan }: Prepared,
  error: unknown,
): Promise<void> {
  const signal = context.signal.aborted ? new AbortController().signal : context.signal;
  const told = async (): Promise<void> => {
    const { engine } = project;
    const observed = await engine.observe(project.observed.project);
    const { topology, rendered, spec, layers } = design;
    const { document } = rendered;
    const resolved = { spec, layers };
    await onFailure({ engine, observed, topology, document, spec: resolved, plan, error, signal });
  };
  try {
    await unlessAborted(told(), signal);
  } catch (failure) {
    const message = `could not keep what tells of the failure: ${messageOf(failure)}`;
    context.emit({ type: 'warning', message });
  }
}
