import { interrupted, messageOf } from '../errors.js';
import type { Emit } from '../report/events.js';
import { anyOf } from '../system/abort.js';
import type { Engine } from './engine.js';
import type { ClusterStep, EngineStep, Plan, PlannedStep, Step } from './plan.js';

/** Does a step that is about the cluster rather than about its nodes. */
export type PerformClusterStep = (step: ClusterStep, signal: AbortSignal) => Promise<void>;

export interface ExecuteContext {
  engine: Engine;
  performClusterStep: PerformClusterStep;
  signal: AbortSignal;
  emit: Emit;
}

/**
 * Does the plan, stage by stage; decides nothing. When a step fails, its stage's other steps are ended or waited for
 * before the first failure is thrown: afterwards nothing goes on in the background.
 */
export async function execute(plan: Plan, context: ExecuteContext): Promise<void> {
  for (const stage of plan.stages) {
    if (context.signal.aborted) throw interrupted();
    await runStage(plan.project, stage, context);
  }
}

/** Does a plan that has steps of the engine alone. @throws Error for any other step, which nobody here could do */
export async function executeOnEngine(
  plan: Plan,
  context: Omit<ExecuteContext, 'performClusterStep'>,
): Promise<void> {
  await execute(plan, { ...context, performClusterStep: noClusterStep });
}

async function noClusterStep({ kind }: ClusterStep): Promise<void> {
  return await Promise.reject(new Error(`no step of an engine: ${kind}`));
}

async function runStage(
  project: string,
  stage: PlannedStep[],
  context: ExecuteContext,
): Promise<void> {
  const failed = new AbortController();
  const signal = anyOf(context.signal, failed.signal);
  let first: { error: unknown } | undefined;
  await Promise.all(
    stage.map(async (planned) => {
      try {
        await runStep(project, planned, { ...context, signal });
      } catch (error) {
        first ??= { error };
        failed.abort();
      }
    }),
  );
  if (first) throw first.error;
}

async function runStep(
  project: string,
  { step, cause }: PlannedStep,
  { engine, performClusterStep, signal, emit }: ExecuteContext,
): Promise<void> {
  const begin = performance.now();
  const ms = (): number => performance.now() - begin;
  emit({ type: 'step-started', step, cause });
  try {
    if (isClusterStep(step)) await performClusterStep(step, signal);
    else await engine.perform(project, step, { signal, emit });
    emit({ type: 'step-done', step, ms: ms() });
  } catch (error) {
    emit({ type: 'step-failed', step, ms: ms(), message: messageOf(error) });
    throw error;
  }
}

const clusterSteps: Record<ClusterStep['kind'], true> = {
  'await-zookeepers': true,
  'check-data': true,
  'clear-registration': true,
  'await-brokers': true,
  'await-registered': true,
  'apply-topics': true,
  'await-in-sync': true,
  'await-leaders': true,
  'check-replicas': true,
  'keep-writable': true,
  'check-departure': true,
  'drain-brokers': true,
  'check-drained': true,
};

function isClusterStep(step: Step): step is Exclude<Step, EngineStep> {
  return step.kind in clusterSteps;
}
