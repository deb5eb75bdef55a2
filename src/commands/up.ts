import { assertNothingIsLost, serviceOfVolume } from '../cluster/guard.js';
import { assertNoDowngrade, lineChanges } from '../cluster/kafka-version.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { Plan } from '../cluster/plan.js';
import { changesAnything, reconcile } from '../cluster/reconcile.js';
import { keepWritableStage } from '../cluster/scale.js';
import { minInsync } from '../compose/broker-setup.js';
import type { ComposeDocument } from '../compose/document.js';
import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { clusterText } from '../report/cluster-text.js';
import { smokeText } from '../report/smoke-text.js';
import { seconds } from '../report/words.js';
import { smoke, type SmokeReport } from '../smoke/smoke.js';
import type { Emit } from '../report/events.js';
import { declaredTopics, type DeclaredTopic } from '../topics/declared.js';
import { describeCluster } from './addresses.js';
import { carryOut, planned } from './carry-out.js';
import type { ClusterOptions, CommandContext } from './context.js';
import { designCluster, type Design, type DesignOptions } from './design.js';
import { assertNotElsewhere, withProject, type LockedProject } from './locked.js';
import { assertPortsFree } from './ports-free.js';
import { assertSaid } from './said.js';
import { strictInsync } from './strict-insync.js';
import { undoneOnFailure } from './take-back.js';
import { assertTopicsPossible } from './topics-first.js';
import { warnOf } from './warnings.js';

export interface UpOptions extends ClusterOptions, DesignOptions {
  dryRun?: boolean;
  smoke?: boolean;
  keep?: boolean;
}

/** `kcluster up`: brings the cluster into being, waits until it works, and says where it is. */
export async function up(context: CommandContext, options: UpOptions): Promise<Outcome> {
  const begin = performance.now();
  await assertSaid(context, options);
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
      assertNoDowngrade(document, observed);
      tellOfUpgrade(context, document, observed);
      const topics = declaredTopics(design.spec, options.specFile?.directory ?? process.cwd());
      const plan = withTopics(planOf(design, observed), topics);
      if (options.dryRun)
        return planned(plan, await assertTopicsPossible(topics, context, engine, observed));
      await assertPortsFree(context, engine.name, design.topology, observed);
      await assertTopicsPossible(topics, context, engine, observed);
      return await undoneOnFailure(context, options.keep ?? false, project, async () => {
        const waits = { timeout: options.timeout, takesBack: true };
        const { emit, changed } = watched(context.emit);
        await carryOut(plan, { ...context, emit }, engine, design.topology, waits);
        const report = options.smoke
          ? await smoke({ ...context, engine, topology: design.topology })
          : undefined;
        const isChanged = changesAnything(plan) || changed();
        return risen(project, design, isChanged, performance.now() - begin, report);
      });
    } finally {
      await design.release();
    }
  });
}

function planOf({ rendered: { document }, spec }: Design, observed: ObservedProject): Plan {
  const plan = reconcile(document, observed);
  const insync = strictInsync(spec, document);
  const before = brokersOf(observed);
  // Topics of a cluster that had too few brokers for it would take no more records.
  if (insync === undefined || before === 0 || minInsync(before) >= insync) return plan;
  return { ...plan, stages: [...plan.stages, keepWritableStage(insync)] };
}

/** Topics come last: they need every broker. */
function withTopics(plan: Plan, topics: readonly DeclaredTopic[]): Plan {
  if (topics.length === 0) return plan;
  const cause = topics.length === 1 ? 'it is declared' : 'they are declared';
  return { ...plan, stages: [...plan.stages, [{ step: { kind: 'apply-topics', topics }, cause }]] };
}

/** Events on their way, and whether one told of a change. */
function watched(emit: Emit): { emit: Emit; changed: () => boolean } {
  let changed = false;
  return {
    emit: (event) => {
      changed ||= event.type === 'notice' && event.changed === true;
      emit(event);
    },
    changed: () => changed,
  };
}

function brokersOf({ nodes, volumes }: ObservedProject): number {
  const services = [...nodes.map(({ service }) => service), ...volumes.map(serviceOfVolume)];
  return new Set(services.filter((service) => service.startsWith('broker-'))).size;
}

/** All brokers at once is the quickest way, but not the one that keeps a cluster serving. */
function tellOfUpgrade(
  { emit }: CommandContext,
  document: ComposeDocument,
  observed: ObservedProject,
): void {
  const changes = lineChanges(document, observed);
  const [first] = changes;
  if (!first || changes.length === 1) return;
  const command = `kcluster upgrade --kafka ${first.to} --name ${observed.project}`;
  const message = `Kafka ${first.from} -> ${first.to}: every broker is replaced at once; \`${command}\` keeps the cluster serving`;
  emit({ type: 'notice', message });
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
