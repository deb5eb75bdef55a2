import { execute } from '../cluster/execute.js';
import { assertNothingIsLost } from '../cluster/guard.js';
import type { Plan } from '../cluster/plan.js';
import { planText } from '../cluster/plan-text.js';
import { changesAnything, reconcile } from '../cluster/reconcile.js';
import type { Engine } from '../cluster/engine.js';
import { replacedNodes, undo } from '../cluster/teardown.js';
import type { ObservedProject } from '../cluster/observed.js';
import { ExitCode, messageOf } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { clusterText } from '../report/cluster-text.js';
import { smokeText } from '../report/smoke-text.js';
import { seconds } from '../report/words.js';
import { assertValues } from '../spec/resolve.js';
import { smoke, type SmokeReport } from '../smoke/smoke.js';
import { describeCluster } from './addresses.js';
import { clusterSteps } from './cluster-steps.js';
import type { ClusterOptions, CommandContext } from './context.js';
import { designCluster, saidLayers, type Design, type DesignOptions } from './design.js';
import { assertNotElsewhere, withProject, type LockedProject } from './locked.js';
import { assertPortsFree } from './ports-free.js';
import { warnOf } from './warnings.js';

export interface UpOptions extends ClusterOptions, DesignOptions {
  dryRun?: boolean;
  smoke?: boolean;
  keep?: boolean;
}

/** `kcluster up`: brings the cluster into being, waits until it works, and says where it is. */
export async function up(context: CommandContext, options: UpOptions): Promise<Outcome> {
  const begin = performance.now();
  assertValues(saidLayers(options));
  return await withProject(context, options, async (project) => {
    const { engine, reason, observed } = project;
    const { name, description } = engine;
    context.emit({ type: 'engine', engine: name, description, reason });
    assertNotElsewhere(project);
    const design = await designCluster(context, options, project);
    warnOf(design.spec, context);
    try {
      const { document } = design.rendered;
      assertNothingIsLost(document, observed);
      const plan = reconcile(document, observed);
      if (options.dryRun) return planned(plan);
      await assertPortsFree(context, engine.name, design.topology, observed);
      return await undoneOnFailure(context, options, project, async () => {
        const performClusterStep = clusterSteps(context, engine, design.topology, options.timeout);
        await execute(plan, { ...context, engine, performClusterStep });
        const report = options.smoke
          ? await smoke({ ...context, engine, topology: design.topology })
          : undefined;
        return risen(project, design, changesAnything(plan), performance.now() - begin, report);
      });
    } finally {
      await design.release();
    }
  });
}

function planned(plan: Plan): Outcome {
  const nothing = changesAnything(plan)
    ? ''
    : '\nnothing to change: the cluster is as it should be';
  return { exitCode: ExitCode.ok, data: plan, text: () => planText(plan) + nothing };
}

/** A failed or interrupted run takes back what it made, unless it is to be kept. */
async function undoneOnFailure<T>(
  context: CommandContext,
  options: UpOptions,
  { engine, observed: before }: LockedProject,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!options.keep) await takeBack(context, engine, before);
    throw error;
  }
}

/** Undoes what can be undone; its own failure must not hide the one that led to it. */
async function takeBack(
  { emit }: CommandContext,
  engine: Engine,
  before: ObservedProject,
): Promise<void> {
  const { project } = before;
  try {
    const now = await engine.observe(project);
    const plan = undo(before, now);
    if (plan.stages.length > 0)
      emit({ type: 'notice', message: 'taking back what this run made; Ctrl-C leaves at once' });
    // A signal of its own: the one that was aborted must not end the clean-up as well.
    const { signal } = new AbortController();
    await execute(plan, { engine, emit, signal, performClusterStep: () => Promise.resolve() });
    for (const service of replacedNodes(before, now)) {
      const message = `${service} was being replaced; \`kcluster up --name ${project}\` completes it`;
      emit({ type: 'warning', message });
    }
  } catch (error) {
    const message = `could not take everything back: ${messageOf(error)}`;
    emit({
      type: 'warning',
      message: `${message}; \`kcluster down --name ${project}\` finishes it`,
    });
  }
}

function risen(
  { engine, observed }: LockedProject,
  { topology }: Design,
  changed: boolean,
  ms: number,
  report: SmokeReport | undefined,
): Outcome {
  const cluster = describeCluster(engine.name, topology);
  const { project } = observed;
  const headline = changed
    ? `cluster "${project}" is up after ${seconds(ms)}`
    : `cluster "${project}" is up already; nothing was changed`;
  return {
    exitCode: report && !report.ok ? ExitCode.finding : ExitCode.ok,
    data: { ...cluster, changed, ms: Math.round(ms), ...(report && { smoke: report }) },
    text: (style) =>
      [
        ...(report ? [smokeText(report, style)] : []),
        style.strong(headline),
        clusterText(cluster),
        style.faint(nextSteps(project)),
      ].join('\n'),
  };
}

function nextSteps(project: string): string {
  const flag = project === 'kcluster' ? '' : ` --name ${project}`;
  return `next: kcluster status${flag} · kcluster logs${flag} --follow · kcluster down${flag}`;
}
