import type { Engine } from '../cluster/engine.js';
import { execute } from '../cluster/execute.js';
import type { Plan } from '../cluster/plan.js';
import { planText } from '../cluster/plan-text.js';
import { changesAnything } from '../cluster/reconcile.js';
import { ExitCode } from '../errors.js';
import type { Emit } from '../report/events.js';
import type { Outcome } from '../report/outcome.js';
import { changeWords, type PlannedChange } from '../topics/diff.js';
import type { Topology } from '../topology/topology.js';
import { clusterSteps, type Waits } from './cluster-steps.js';
import type { CommandContext } from './context.js';

/** Does what a plan says, having said which nodes it replaces and why. */
export async function carryOut(
  plan: Plan,
  context: CommandContext,
  engine: Engine,
  topology: Topology,
  waits: Waits,
): Promise<void> {
  tellReplaced(plan, context.emit);
  const performClusterStep = clusterSteps(context, engine, topology, waits);
  await execute(plan, { ...context, engine, performClusterStep });
}

function tellReplaced({ stages }: Plan, emit: Emit): void {
  const steps = stages.flat();
  const created = new Set(
    steps.flatMap(({ step }) => (step.kind === 'create-node' ? step.service : [])),
  );
  const services = new Map<string, string[]>();
  for (const { step, cause } of steps)
    if (step.kind === 'remove-node' && created.has(step.service))
      services.set(cause, [...(services.get(cause) ?? []), step.service]);
  for (const [cause, replaced] of services) {
    const verb = replaced.length === 1 ? 'is' : 'are';
    emit({ type: 'notice', message: `${replaced.join(', ')} ${verb} replaced: ${cause}` });
  }
}

/**
 * The outcome of `--dry-run`: the plan itself.
 * @param topicChanges what its last step will change of topics, where that is known
 */
export function planned(plan: Plan, topicChanges?: readonly PlannedChange[]): Outcome {
  const changes = topicChanges ?? [];
  const isAsItShouldBe = !changesAnything(plan) && changes.length === 0;
  return {
    exitCode: ExitCode.ok,
    data: { ...plan, ...(topicChanges && { topicChanges }) },
    text: () =>
      [
        planText(plan),
        ...changes.map((change) => `    ${changeWords(change)}  (${change.cause})`),
        ...(isAsItShouldBe ? ['nothing to change: the cluster is as it should be'] : []),
      ].join('\n'),
  };
}
