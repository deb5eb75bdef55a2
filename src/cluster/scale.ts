import type { ComposeDocument } from '../compose/document.js';
import { changesOf } from './changes.js';
import { serviceOfVolume } from './guard.js';
import type { ObservedNode, ObservedProject } from './observed.js';
import type { Plan, PlannedStep, Stage, Step } from './plan.js';
import { inSync, rollPlan } from './roll.js';
import { graceOf } from './teardown.js';

/** The brokers, or what is left of them, that are more than so many: their services by id. */
export function leavingBrokers(
  { nodes, volumes }: ObservedProject,
  brokers: number,
): Map<number, string> {
  const all = [...nodes.map(({ service }) => service), ...volumes.map(serviceOfVolume)];
  const leaving = all.flatMap((service): [number, string][] => {
    const id = Number(/^broker-(\d+)$/.exec(service)?.[1] ?? 0);
    return id > brokers ? [[id, service]] : [];
  });
  return new Map(leaving.sort(([a], [b]) => a - b));
}

/** What there would be of the project without these services. */
export function withoutServices(
  observed: ObservedProject,
  services: Iterable<string>,
): ObservedProject {
  const gone = new Set(services);
  return {
    ...observed,
    nodes: observed.nodes.filter(({ service }) => !gone.has(service)),
    volumes: observed.volumes.filter((volume) => !gone.has(serviceOfVolume(volume))),
  };
}

interface ScaleOptions {
  /** See `leavingBrokers`. */
  leaving: ReadonlyMap<number, string>;
  /** See `RollOptions`. */
  last: readonly string[];
  /** The `min.insync.replicas` of the brokers, where topics that can't meet it would take no more records. */
  insync?: number | undefined;
}

/**
 * The steps to the number of brokers that the document has, for a cluster that goes on serving.
 *
 * More: new brokers come first, then the others get the settings that fit the new number, one after the other. Fewer:
 * those that stay get their settings first, as long as the leaving ones hold replicas; then what the leaving ones hold
 * moves to the others, and they go with their data. Pure.
 */
export function scalePlan(
  document: ComposeDocument,
  observed: ObservedProject,
  { leaving, last, insync }: ScaleOptions,
): Plan {
  const runs = (service: string): boolean =>
    observed.nodes.some((node) => node.service === service && node.state === 'running');
  const without = [...leaving].filter(([, service]) => !runs(service)).map(([id]) => id);
  const { project, stages } = rollPlan(document, withoutServices(observed, leaving.values()), {
    last,
    without,
    before: [
      ...keepWritable(insync, document, observed),
      ...checkDeparture([...leaving.keys()], without),
    ],
  });
  return { project, stages: [...stages, ...departure(leaving, observed)] };
}

/** Before the first broker that topics are on gets its settings. */
function keepWritable(
  insync: number | undefined,
  document: ComposeDocument,
  observed: ObservedProject,
): Stage[] {
  const isChanged = changesOf(document, observed).some(
    ({ service, replace }) => service.startsWith('broker-') && replace !== undefined,
  );
  if (insync === undefined || !isChanged) return [];
  return [keepWritableStage(insync)];
}

/** For a cluster whose brokers answer. */
export function keepWritableStage(insync: number): Stage {
  const cause = `brokers get min.insync.replicas=${insync}`;
  return [{ step: { kind: 'keep-writable', insync }, cause }];
}

function checkDeparture(brokerIds: readonly number[], without: readonly number[]): Stage[] {
  if (brokerIds.length === 0) return [];
  const cause = 'nothing is touched unless the others can take it';
  return [
    inSync(without, 'it is then known who has what'),
    [{ step: { kind: 'check-departure', brokerIds }, cause }],
  ];
}

/** Data goes only when nobody refers to it any more. */
function departure(leaving: ReadonlyMap<number, string>, observed: ObservedProject): Stage[] {
  if (leaving.size === 0) return [];
  const services = [...leaving.values()];
  const brokerIds = [...leaving.keys()];
  const [nodes, volumes] = [
    observed.nodes.filter(({ service }) => services.includes(service)),
    observed.volumes.filter((volume) => services.includes(serviceOfVolume(volume))),
  ];
  const alive = ({ state }: ObservedNode): boolean => state === 'running' || state === 'paused';
  const step = (cause: string, each: Step): PlannedStep => ({ step: each, cause });
  const leaves = (service: string): string => `${service} leaves`;
  const stages: Stage[] = [
    [step('the others take what they have', { kind: 'drain-brokers', brokerIds })],
    nodes.filter(alive).map((node) =>
      step(leaves(node.service), {
        kind: 'stop-node',
        service: node.service,
        graceSeconds: graceOf(node),
      }),
    ),
    [
      step('a topic may have come to them since they were drained', {
        kind: 'check-drained',
        brokerIds,
      }),
    ],
    nodes.map(({ service }) => step(leaves(service), { kind: 'remove-node', service })),
    [...leaving].map(([brokerId, service]) =>
      step(`${service} may have been killed before`, { kind: 'clear-registration', brokerId }),
    ),
    volumes.map((volume) =>
      step(leaves(serviceOfVolume(volume)), { kind: 'remove-volume', volume }),
    ),
  ];
  return stages.filter((stage) => stage.length > 0);
}
