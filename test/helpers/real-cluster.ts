import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Engine } from '../../src/cluster/engine.js';
import { execute } from '../../src/cluster/execute.js';
import { isAbsent } from '../../src/cluster/observed.js';
import { reconcile } from '../../src/cluster/reconcile.js';
import { stopPlan, teardown } from '../../src/cluster/teardown.js';
import { clusterSteps } from '../../src/operations/cluster-steps.js';
import { renderDocument } from '../../src/compose/render.js';
import { clusterSetups } from '../../src/compose/setups.js';
import { clusterImages } from '../../src/images/choice.js';
import type { ShapeOptions } from '../../src/spec/flags.js';
import type { Topology } from '../../src/topology/topology.js';
import { clusterOnFreePorts } from './clusters.js';

const context = { signal: new AbortController().signal, emit: () => undefined };
const cause = 'the test is over';

/**
 * Does something with a cluster of one broker and one ZooKeeper, which comes up before and is gone afterwards; a
 * broker that does not end by itself is a failure.
 */
export async function withCluster<T>(
  engine: Engine,
  flags: ShapeOptions,
  body: (topology: Topology) => Promise<T>,
): Promise<T> {
  const project = `kcw-${randomUUID().slice(0, 8)}`;
  const network = engine.name === 'process' ? 'host' : 'bridge';
  const made = await clusterOnFreePorts(project, network, flags);
  const { topology } = made;
  const { document } = renderDocument(clusterSetups(made, topology, clusterImages(made)));
  const performClusterStep = clusterSteps(context, engine, topology, { timeout: 60 });
  const observe = async () => await engine.observe(project);
  const all = { ...context, engine, performClusterStep };
  try {
    await execute(reconcile(document, await observe()), all);
    const result = await body(topology);
    await execute(stopPlan(await observe(), cause), all);
    expect(await lastLines(engine, project, 'broker-1')).toContain('shut down completed');
    return result;
  } finally {
    await execute(teardown(await observe(), { volumes: true, cause }), all);
    expect(isAbsent(await observe())).toBe(true);
  }
}

async function lastLines(engine: Engine, project: string, service: string): Promise<string> {
  const lines: string[] = [];
  for await (const { line } of engine.logs(project, service, { tail: 5 })) lines.push(line);
  return lines.join('\n');
}
