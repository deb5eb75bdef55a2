import { assertNothingIsLost } from '../cluster/guard.js';
import { assertSameKafka } from '../cluster/kafka-version.js';
import { changesAnything } from '../cluster/reconcile.js';
import { leavingBrokers, scalePlan, withoutServices } from '../cluster/scale.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { Outcome } from '../report/outcome.js';
import { existingLayer } from '../spec/existing.js';
import { valueAt } from '../spec/path.js';
import { assertValues } from '../spec/resolve.js';
import { recoverTopology } from '../topology/recover.js';
import { carryOut } from '../operations/carry-out.js';
import { planned } from './planned.js';
import type { ClusterOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { designCluster, saidLayers } from '../operations/design.js';
import { tellFileSays } from './file-says.js';
import { assertExists, withProject, type LockedProject } from '../operations/locked.js';
import { assertPortsFree } from '../operations/ports-free.js';
import { strictInsync } from '../operations/strict-insync.js';
import { leadersOf, servingOnFailure } from '../operations/rolling.js';
import { running } from './running.js';
import type { SpecFile } from '../operations/spec-file.js';

interface ScaleOptions extends ClusterOptions {
  brokers: number;
  specFile?: SpecFile;
  dryRun?: boolean;
}

/** `kcluster scale`: changes the number of brokers; otherwise the cluster stays what it is, whatever a file says. */
export async function scale(context: CommandContext, options: ScaleOptions): Promise<Outcome> {
  const { name, brokers } = options;
  assertValues(saidLayers({ name, brokers }));
  return await withProject(context, options, async (project) => {
    assertExists(project.observed);
    tellFileSays(context, options.specFile, ['kafka', 'brokers'], brokers, name);
    return await scaleProject(context, options, project);
  });
}

async function scaleProject(
  context: CommandContext,
  options: ScaleOptions,
  project: LockedProject,
): Promise<Outcome> {
  const begin = performance.now();
  const { name, brokers, timeout } = options;
  const { engine, observed } = project;
  const leaving = leavingBrokers(observed, brokers);
  const staying = withoutServices(observed, leaving.values());
  const design = await designCluster(
    { name, givenName: name, brokers },
    { engine, observed: staying },
  );
  try {
    const { document } = design.rendered;
    assertNothingIsLost(document, staying);
    assertSameKafka(document, observed);
    tellForgotten(context, options, observed, leaving);
    const plan = scalePlan(document, observed, {
      leaving,
      last: await leadersOf(engine, recoverTopology(observed)),
      insync: strictInsync(design.spec, document),
    });
    if (options.dryRun) return planned(plan);
    await assertPortsFree(context, engine, design.topology, observed);
    const again = `kcluster scale --brokers ${brokers} --name ${name}`;
    const { topology } = design;
    await servingOnFailure(context, project, { document, topology, again }, async () => {
      await carryOut(plan, context, engine, topology, { timeout, each: true });
    });
    const what = `has ${brokers} ${brokers === 1 ? 'broker' : 'brokers'}`;
    return running(engine, topology, changesAnything(plan), performance.now() - begin, what);
  } finally {
    await design.release();
  }
}

/** What was said of a broker alone goes with it. */
function tellForgotten(
  { emit }: CommandContext,
  { specFile }: ScaleOptions,
  observed: ObservedProject,
  leaving: ReadonlyMap<number, string>,
): void {
  const trees = [existingLayer(observed, false).tree, specFile?.layer.tree];
  for (const [id, service] of leaving) {
    const path = ['kafka', 'perBroker', String(id)];
    if (!trees.some((tree) => valueAt(tree, path) !== undefined)) continue;
    emit({ type: 'notice', message: `what kafka.perBroker says of ${service} goes with it` });
  }
}
