import type { ComposeDocument } from '../compose/document.js';
import { Label } from '../compose/labels.js';
import type { Role } from './changes.js';
import type { ObservedNode, ObservedProject } from './observed.js';
import type { Plan, Stage } from './plan.js';

/**
 * Brings back what a run that was ended has stopped or removed: `before` and `now` are observations of one project.
 * Nothing is waited for. Pure.
 * @param document what a node that is gone is made of; one that it does not have was to go
 */
export function revivePlan(
  document: Pick<ComposeDocument, 'services'> | undefined,
  before: ObservedProject,
  now: ObservedProject,
): Plan {
  const cause = 'this run has stopped it';
  const lost = before.nodes.filter(
    ({ service, state }) =>
      state === 'running' &&
      (document === undefined || service in document.services) &&
      now.nodes.find((node) => node.service === service)?.state !== 'running',
  );
  const isGone = ({ service }: ObservedNode): boolean =>
    !now.nodes.some((node) => node.service === service);
  const withRole = (role: Role): ObservedNode[] =>
    lost.filter(({ labels }) => labels[Label.role] === role);
  const start = (role: Role): Stage =>
    withRole(role).map(({ service }) => ({ step: { kind: 'start-node', service }, cause }));
  const stages: Stage[] = [
    lost.filter(isGone).flatMap(({ service }) => {
      const definition = document?.services[service];
      return definition ? { step: { kind: 'create-node', service, definition }, cause } : [];
    }),
    start('zookeeper'),
    withRole('broker').map(({ labels }) => ({
      step: { kind: 'clear-registration', brokerId: Number(labels[Label.id]) },
      cause,
    })),
    start('broker'),
  ];
  return { project: now.project, stages: stages.filter((stage) => stage.length > 0) };
}
