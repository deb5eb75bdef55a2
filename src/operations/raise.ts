import { assertNothingIsLost, serviceOfVolume } from '../cluster/guard.js';
import { assertNoDowngrade, lineChanges } from '../cluster/kafka-version.js';
import type { Lease } from '../cluster/lease.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { Plan } from '../cluster/plan.js';
import { changesAnything, reconcile } from '../cluster/reconcile.js';
import { keepWritableStage } from '../cluster/scale.js';
import { minInsync } from '../compose/broker-setup.js';
import type { ComposeDocument } from '../compose/document.js';
import type { Emit } from '../report/events.js';
import type { SmokeReport } from '../smoke/report.js';
import { fallbackNotice } from '../system/directories.js';
import type { PlannedChange } from '../topics/diff.js';
import type { DeclaredTopic } from '../topics/declared.js';
import { declaredTopics } from '../topics/of-specification.js';
import { carryOut } from './carry-out.js';
import type { ClusterOptions, OperationContext } from './context.js';
import { designCluster, type Design, type DesignOptions } from './design.js';
import { toldOnFailure, type OnFailure } from './failed-start.js';
import { endLease, leaseCluster } from './lease.js';
import { assertNotElsewhere, withProject, type LockedProject } from './locked.js';
import { assertPortsFree } from './ports-free.js';
import { assertSaid } from './said.js';
import { strictInsync } from './strict-insync.js';
import { undoneOnFailure } from './take-back.js';
import { assertTopicsPossible } from './topics-first.js';
import { warnOf } from './warnings.js';

/** What a cluster is to be, and how it is brought into being. */
export interface RaiseOptions extends ClusterOptions, DesignOptions {
  /** Prove that it works. */
  smoke?: boolean;
  /** Keep what was made when the start fails or is interrupted. */
  keep?: boolean;
  /** How long the cluster is to be there; what is said of an earlier time stays when it is left out. */
  lease?: Lease | 'never';
  /** Called when the start fails or is interrupted, before anything is taken back. */
  onFailure?: OnFailure;
}

/** A cluster that can be raised: what is there, what is to be there, and the way from one to the other. */
export interface Prepared {
  project: LockedProject;
  design: Design;
  topics: readonly DeclaredTopic[];
  plan: Plan;
  /** `performance.now()` when it began. */
  begin: number;
}

/** A cluster that works. */
export interface Raised {
  project: LockedProject;
  design: Design;
  /** Whether anything had to be done for it. */
  changed: boolean;
  /** How long it took, in milliseconds. */
  ms: number;
  smoke?: SmokeReport;
  lease?: Lease;
}

/**
 * Looks at what is there and plans what has to change, and runs the body on it while no other run changes the project.
 * @throws KclusterError `invalidSpec`, `noEngine`, or `conflict` with what is there; nothing has changed by then
 */
export async function prepared<T>(
  context: OperationContext,
  options: RaiseOptions,
  body: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  const begin = performance.now();
  await assertSaid(context, options);
  return await withProject(context, options, async (project) => {
    const { engine, reason, observed } = project;
    const { name, description } = engine;
    context.emit({ type: 'engine', engine: name, description, reason });
    const moved = fallbackNotice(context.env);
    if (moved !== undefined) context.emit({ type: 'notice', message: moved });
    assertNotElsewhere(project);
    const design = await designCluster(options, project);
    warnOf(design.spec, context);
    try {
      const { document } = design.rendered;
      assertNothingIsLost(document, observed);
      assertNoDowngrade(document, observed);
      tellOfUpgrade(context, document, observed);
      const topics = declaredTopics(design.spec, options.specFile?.directory ?? process.cwd());
      const plan = withTopics(planOf(design, observed), topics);
      return await body({ project, design, topics, plan, begin });
    } finally {
      await design.release();
    }
  });
}

/**
 * Brings a cluster into being and waits until it works; what a failed or interrupted run made is taken back.
 * @throws KclusterError `conflict` for a taken port, `startFailed`, `notReady`, `interrupted`
 */
export async function raise(
  context: OperationContext,
  { timeout, lease, keep = false, smoke: proves = false, onFailure }: RaiseOptions,
  prepared: Prepared,
): Promise<Raised> {
  const { project, design, topics, plan, begin } = prepared;
  const { engine, observed } = project;
  const { topology } = design;
  await assertPortsFree(context, engine, topology, observed);
  await assertTopicsPossible(topics, context, engine, observed);
  const body = async (): Promise<Raised> => {
    const { emit, changed } = watched(proves ? loadingProof(context.emit) : context.emit);
    if (lease === 'never') await endLease(context, engine, observed.project);
    else if (lease) await leaseCluster(context, engine, observed.project, lease);
    await carryOut(plan, { ...context, emit }, engine, topology, { timeout, takesBack: true });
    const report = proves ? await prove(context, project, design) : undefined;
    return {
      project,
      design,
      changed: changesAnything(plan) || changed(),
      ms: performance.now() - begin,
      ...(report && { smoke: report }),
      ...leaseNow(lease, observed),
    };
  };
  return await undoneOnFailure(
    context,
    keep,
    project,
    async () => await toldOnFailure(context, onFailure, prepared, body),
  );
}

function leaseNow(lease: Lease | 'never' | undefined, before: ObservedProject): { lease?: Lease } {
  const now = lease === 'never' ? undefined : (lease ?? before.lease);
  return now ? { lease: now } : {};
}

/**
 * What the plan will change of topics, as far as the brokers can be asked.
 * @throws KclusterError `conflict` for what Kafka can't
 */
export async function topicChanges(
  context: OperationContext,
  { topics, project: { engine, observed } }: Prepared,
): Promise<PlannedChange[]> {
  return await assertTopicsPossible(topics, context, engine, observed);
}

async function prove(
  context: OperationContext,
  { engine }: LockedProject,
  { topology }: Design,
): Promise<SmokeReport> {
  const { smoke } = await import('../smoke/smoke.js');
  return await smoke({ ...context, engine, topology });
}

/** The events on their way; with the first wait there is time to load what proves the cluster. */
function loadingProof(emit: Emit): Emit {
  let isLoading = false;
  return (event) => {
    if (event.type === 'waiting' && !isLoading) {
      isLoading = true;
      import('../smoke/smoke.js').then(
        ({ loadClients }) => loadClients(),
        // That it can't be loaded is told when it is needed.
        () => undefined,
      );
    }
    emit(event);
  };
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
  { emit }: OperationContext,
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
