import { ExitCode, KclusterError } from '../errors.js';
import { describeCluster } from '../operations/addresses.js';
import { wishedLease, type LeaseOptions } from '../operations/lease-options.js';
import {
  prepared,
  raise,
  topicChanges,
  type Raised,
  type RaiseOptions,
} from '../operations/raise.js';
import type { Outcome } from '../report/outcome.js';
import { clusterText } from '../report/cluster-text.js';
import { smokeText } from '../report/smoke-text.js';
import { clusterSummary } from '../report/summary.js';
import { seconds } from '../report/words.js';
import type { CommandContext } from './context.js';
import { planned } from './planned.js';
import { withJunit } from './smoke-junit.js';
import { timed, type TimingsOptions } from './timed.js';

interface UpOptions extends Omit<RaiseOptions, 'lease'>, LeaseOptions, TimingsOptions {
  dryRun?: boolean;
  junit?: string;
}

/** `kcluster up`: brings the cluster into being, waits until it works, and says where it is. */
export async function up(context: CommandContext, options: UpOptions): Promise<Outcome> {
  assertProves(options);
  return await timed(context, options, async (watched) => await bringUp(watched, options));
}

async function bringUp(context: CommandContext, options: UpOptions): Promise<Outcome> {
  const lease = wishedLease(options);
  const { outcome } = await withJunit(options.junit, options.name, () =>
    prepared(context, options, async (cluster) => {
      if (options.dryRun)
        return { outcome: planned(cluster.plan, await topicChanges(context, cluster)) };
      const raised = await raise(context, { ...options, ...(lease && { lease }) }, cluster);
      return { outcome: risen(raised), smoke: raised.smoke };
    }),
  );
  return outcome;
}

/** @throws KclusterError `usage` when checks are to be written, but none are to be made */
function assertProves({ junit, smoke, dryRun }: UpOptions): void {
  if (junit === undefined || (smoke && !dryRun)) return;
  throw new KclusterError('usage', '--junit has nothing to write: no check is made', {
    hints: [`Prove the cluster as well: \`kcluster up --smoke --junit ${junit}\`.`],
  });
}

function risen({
  project: { engine, observed },
  design,
  changed,
  ms,
  smoke,
  lease,
}: Raised): Outcome {
  const cluster = describeCluster(engine.name, design.topology, lease);
  const { project } = observed;
  const headline = changed
    ? `cluster "${project}" is up after ${seconds(ms)}`
    : `cluster "${project}" is up already; nothing was changed`;
  return {
    exitCode: smoke && !smoke.ok ? ExitCode.finding : ExitCode.ok,
    data: { ...cluster, changed, ms: Math.round(ms), ...(smoke && { smoke }) },
    text: (style) =>
      [
        ...(smoke ? [smokeText(smoke, style)] : []),
        style.strong(headline),
        clusterText(cluster),
        style.faint(nextSteps(project)),
      ].join('\n'),
    summary: () => clusterSummary(headline, cluster, smoke),
  };
}

function nextSteps(project: string): string {
  const flag = project === 'kcluster' ? '' : ` --name ${project}`;
  return `next: kcluster status${flag} · kcluster logs${flag} --follow · kcluster down${flag}`;
}
