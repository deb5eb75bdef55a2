import type { ComposeDocument } from '../compose/document.js';
import { asMade } from './as-made.js';
import type { ObservedProject } from './observed.js';
import type { Plan, Stage } from './plan.js';
import { rollPlan, type RollOptions } from './roll.js';

/**
 * The steps to another version of Kafka, for a cluster that goes on serving: ZooKeepers and then brokers get the new
 * program one after the other, and go on speaking the old version's protocol to each other; once every broker has the
 * new program, they get its protocol, again one after the other (Kafka's documentation, "Upgrading"). Pure.
 * @param pinned the document with the old protocol; undefined where no broker needs it any more
 */
export function upgradePlan(
  pinned: ComposeDocument | undefined,
  document: ComposeDocument,
  observed: ObservedProject,
  options: RollOptions,
): Plan {
  if (!pinned) return rollPlan(document, observed, options);
  const { project, stages } = rollPlan(pinned, observed, options);
  const second = rollPlan(document, asMade(project, pinned), options).stages;
  return { project, stages: [...stages, ...second.filter((stage) => !isKnown(stage))] };
}

/** From the first round on the images are here, and topics with one replica are known. */
function isKnown(stage: Stage): boolean {
  return stage.every(({ step }) => ['fetch-image', 'check-replicas'].includes(step.kind));
}
