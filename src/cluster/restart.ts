import { Label } from '../compose/labels.js';
import type { ObservedNode, ObservedProject } from './observed.js';
import type { Plan, Stage } from './plan.js';
import { rollStages, type NodeToRoll, type RollOptions } from './roll.js';
import { startStages, toStart } from './start.js';
import { graceOf, stopStages } from './teardown.js';

/** Stops nodes, all at once, and starts them again. Pure. */
export function restartPlan(observed: ObservedProject, services: readonly string[]): Plan {
  const cause = '`kcluster restart`';
  const nodes = chosen(observed, services);
  return plan(observed, [
    ...stopStages(nodes, cause),
    ...startStages(
      nodes.map((node) => toStart({ ...node, state: 'exited' }, cause)),
      observed,
    ),
  ]);
}

/** Restarts nodes that run one after the other, once those that do not run have been started. Pure. */
export function rollingRestartPlan(
  observed: ObservedProject,
  services: readonly string[],
  options: RollOptions,
): Plan {
  const nodes = chosen(observed, services);
  const idle = observed.nodes.filter(({ state }) => state !== 'running');
  return plan(observed, [
    ...startStages(
      idle.map((node) => toStart(node, `${node.service} is ${node.state}`)),
      observed,
    ),
    ...rollStages(nodes.filter(({ state }) => state === 'running').map(toRoll), options),
  ]);
}

function toRoll(node: ObservedNode): NodeToRoll {
  const { service, labels } = node;
  return {
    service,
    role: labels[Label.role],
    id: Number(labels[Label.id]),
    graceSeconds: graceOf(node),
    cause: '`kcluster restart --rolling`',
  };
}

function chosen({ nodes }: ObservedProject, services: readonly string[]): ObservedNode[] {
  return nodes.filter(({ service }) => services.includes(service));
}

function plan({ project }: ObservedProject, stages: Stage[]): Plan {
  return { project, stages: stages.filter((stage) => stage.length > 0) };
}
