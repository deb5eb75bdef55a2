import type { ComposeDocument } from '../compose/document.js';
import { Label } from '../compose/labels.js';
import { changesOf, type Role } from './changes.js';
import type { ObservedProject } from './observed.js';
import type { Plan, Stage } from './plan.js';

/**
 * Brings back what a run that was ended has stopped or removed: `before` and `now` are observations of one project.
 * Nothing is waited for. Pure.
 * @param document what nodes that are gone are made of; a node that it does not have stays away
 */
export function revivePlan(
  document: Pick<ComposeDocument, 'services'>,
  before: ObservedProject,
  now: ObservedProject,
): Plan {
  const cause = 'this run has stopped it';
  const ran = (service: string): boolean =>
    before.nodes.some((node) => node.service === service && node.state === 'running');
  const lost = changesOf(document, now).filter(
    ({ service }) =>
      ran(service) &&
      !now.nodes.some((node) => node.service === service && node.state === 'running'),
  );
  const missing = lost.filter(({ service }) => !now.nodes.some((node) => node.service === service));
  const start = (role: Role): Stage =>
    lost
      .filter(({ definition }) => definition.labels[Label.role] === role)
      .map(({ service }) => ({ step: { kind: 'start-node', service }, cause }));
  const registrations: Stage = lost
    .filter(({ definition }) => definition.labels[Label.role] === 'broker')
    .map(({ definition }) => ({
      step: { kind: 'clear-registration', brokerId: Number(definition.labels[Label.id]) },
      cause,
    }));
  const stages: Stage[] = [
    missing.map(({ service, definition }) => ({
      step: { kind: 'create-node', service, definition },
      cause,
    })),
    start('zookeeper'),
    registrations,
    start('broker'),
  ];
  return { project: now.project, stages: stages.filter((stage) => stage.length > 0) };
}
