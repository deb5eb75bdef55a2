import { type Plan, type PlannedStep } from './plan.js';
import { subjectOf } from './step-subject.js';

/** The plan for people: a numbered stage, each step with its cause. */
export function planText(plan: Plan): string {
  return plan.stages
    .map((stage, index) => stage.map((step) => stepText(index + 1, step)).join('\n'))
    .join('\n');
}

function stepText(stage: number, { step, cause }: PlannedStep): string {
  return `${String(stage).padStart(2)}  ${verbOf(step.kind)} ${subjectOf(step)}  (${cause})`;
}

/** `create-node` -> `create`. */
function verbOf(kind: string): string {
  const verb = kind.split('-')[0]!;
  return verb === 'await' ? 'wait for' : verb;
}
