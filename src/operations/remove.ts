import { executeOnEngine } from '../cluster/execute.js';
import type { ObservedProject } from '../cluster/observed.js';
import { teardown } from '../cluster/teardown.js';
import type { KclusterError } from '../errors.js';
import type { OperationContext, ProjectOptions } from './context.js';
import { forgetDeadRuns } from './forget-dead-runs.js';
import { withProject } from './locked.js';
import type { EngineName } from '../cluster/engine.js';

/** Which cluster goes. */
export interface RemoveOptions extends ProjectOptions {
  /** With the data of ZooKeeper and Kafka. */
  volumes?: boolean;
  /** Said of each step: why it goes. */
  cause: string;
}

/** A cluster that is gone. */
export interface Removed {
  engine: EngineName;
  /** What was there. */
  observed: ObservedProject;
  /** Whether anything had to be done for it. */
  changed: boolean;
  keptVolumes: readonly string[];
  /** Why engines that might have the cluster were not asked. */
  unasked: readonly KclusterError[];
}

/** Stops and removes a cluster; fine when nothing is there. */
export async function remove(
  context: OperationContext,
  { volumes = false, cause, ...project }: RemoveOptions,
): Promise<Removed> {
  return await withProject(context, project, async ({ engine, observed, unasked }) => {
    const plan = teardown(observed, { volumes, cause });
    await executeOnEngine(plan, { ...context, engine });
    await forgetDeadRuns(context);
    return {
      engine: engine.name,
      observed,
      changed: plan.stages.length > 0,
      keptVolumes: volumes ? [] : observed.volumes,
      unasked,
    };
  });
}
