import type { Plan } from '../cluster/plan.js';
import { planText } from '../cluster/plan-text.js';
import { changesAnything } from '../cluster/reconcile.js';
import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';

/** The outcome of `--dry-run`: the plan itself. */
export function planned(plan: Plan): Outcome {
  const nothing = changesAnything(plan)
    ? ''
    : '\nnothing to change: the cluster is as it should be';
  return { exitCode: ExitCode.ok, data: plan, text: () => planText(plan) + nothing };
}
