import type { Plan } from '../cluster/plan.js';
import { planText } from '../cluster/plan-text.js';
import { changesAnything } from '../cluster/reconcile.js';
import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { changeWords, type PlannedChange } from '../topics/diff.js';

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
