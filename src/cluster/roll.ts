import { graceSeconds, type ComposeDocument, type ComposeService } from '../compose/document.js';
import { Label } from '../compose/labels.js';
import { changesOf, changeToStart, type Change, type Role } from './changes.js';
import type { ObservedProject } from './observed.js';
import type { Plan, PlannedStep, Stage, Step } from './plan.js';
import { createMissing, fetchImages, findJoined } from './reconcile.js';
import { leadersSettled, sessionsThere, startStages } from './start.js';

/** A node that goes and comes back while the others serve. */
export interface NodeToRoll {
  service: string;
  role: string | undefined;
  id: number;
  /** Seconds that it gets to stop by itself. */
  graceSeconds: number;
  /** A new node of this definition takes its place; the same one comes back when undefined. */
  definition?: ComposeService;
  cause: string;
}

export interface RollOptions {
  /** Services that go after the others of their role: the leader of the ensemble, the controller. */
  last: readonly string[];
  /** Between the start of what did not run and the first node that goes. */
  before?: readonly Stage[];
  /** Ids of brokers that never come back into sync. */
  without?: readonly number[];
}

/**
 * The steps from what is there to what the document says, for a cluster that goes on serving: what does not run is
 * made and started at once; then what changed is replaced, one node at a time. Pure.
 */
export function rollPlan(
  document: ComposeDocument,
  observed: ObservedProject,
  options: RollOptions,
): Plan {
  const changes = changesOf(document, observed);
  const runs = ({ service }: Change): boolean =>
    observed.nodes.some((node) => node.service === service && node.state === 'running');
  const rolled = changes.filter((change) => change.replace !== undefined && runs(change));
  const idle = changes.filter((change) => !rolled.includes(change));
  const stages = [
    findJoined(document, changes),
    fetchImages(changes.filter(({ create }) => create !== undefined)),
    ...createMissing(document, observed, idle),
    ...startStages(idle.filter(({ start }) => start !== undefined).map(changeToStart), observed),
    ...(options.before ?? []),
    ...rollStages(rolled.map(toRoll), options),
  ];
  return { project: observed.project, stages: stages.filter((stage) => stage.length > 0) };
}

function toRoll({ service, definition, replace }: Change): NodeToRoll {
  const { labels } = definition;
  return {
    service,
    role: labels[Label.role],
    id: Number(labels[Label.id]),
    graceSeconds: graceSeconds(definition),
    definition,
    cause: replace!,
  };
}

/**
 * ZooKeepers one at a time, each when the ensemble serves; then brokers one at a time, each when every replica of
 * every topic is in sync and every broker lists the one before. Pure.
 */
export function rollStages(
  nodes: readonly NodeToRoll[],
  { last, without = [] }: RollOptions,
): Stage[] {
  const inTurn = (role: Role): NodeToRoll[] => {
    const own = nodes.filter((node) => node.role === role);
    const isLast = ({ service }: NodeToRoll): boolean => last.includes(service);
    return [...own.filter((node) => !isLast(node)), ...own.filter(isLast)];
  };
  const [zookeepers, brokers] = [inTurn('zookeeper'), inTurn('broker')];
  return [
    ...zookeepers.flatMap((node) => [
      ...turn(node, []),
      alone({ kind: 'await-zookeepers' }, `${node.service} is back when the ensemble serves`),
    ]),
    ...(zookeepers.length === 0
      ? []
      : [
          [sessionsThere],
          alone({ kind: 'await-brokers' }, 'brokers have their sessions with ZooKeeper again'),
          [leadersSettled],
        ]),
    ...(brokers.length === 0 ? [] : [lookForSingles(brokers)]),
    ...brokers.flatMap((node) => [
      inSync(without, `the others then have all that ${node.service} has`),
      ...turn(node, [{ kind: 'clear-registration', brokerId: node.id }]),
      alone({ kind: 'await-brokers' }, `${node.service} is back when every broker lists it`),
    ]),
    ...(brokers.length === 0
      ? []
      : [inSync(without, 'then every broker has all that it should'), [leadersSettled]]),
  ];
}

export function inSync(without: readonly number[], cause: string): Stage {
  return alone({ kind: 'await-in-sync', without }, cause);
}

/** Stops and starts one node, or its successor. */
function turn(
  { service, graceSeconds: seconds, definition, cause }: NodeToRoll,
  beforeStart: readonly Step[],
): Stage[] {
  const back = definition ? `${service} is replaced` : `${service} comes back`;
  return [
    alone({ kind: 'stop-node', service, graceSeconds: seconds }, cause),
    ...(definition
      ? [
          alone({ kind: 'remove-node', service }, cause),
          alone({ kind: 'create-node', service, definition }, back),
        ]
      : []),
    ...beforeStart.map((step) => alone(step, back)),
    alone({ kind: 'start-node', service }, back),
  ];
}

function lookForSingles(brokers: readonly NodeToRoll[]): Stage {
  const brokerIds = brokers.map(({ id }) => id).toSorted((a, b) => a - b);
  const cause = 'they are out of reach while their broker is away';
  return alone({ kind: 'check-replicas', brokerIds }, cause);
}

function alone(step: Step, cause: string): PlannedStep[] {
  return [{ step, cause }];
}
