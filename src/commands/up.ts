import { ExitCode } from '../errors.js';
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
import { seconds } from '../report/words.js';
import type { CommandContext } from './context.js';
import { planned } from './planned.js';

interface UpOptions extends Omit<RaiseOptions, 'lease'>, LeaseOptions {
  dryRun?: boolean;
}

/** `kcluster up`: brings the cluster into being, waits until it works, and says where it is. */
export async function up(context: CommandContext, options: UpOptions): Promise<Outcome> {
  const lease = wishedLease(options);
  return await prepared(context, options, async (cluster) =>
    options.dryRun
      ? planned(cluster.plan, await topicChanges(context, cluster))
      : risen(await raise(context, { ...options, ...(lease && { lease }) }, cluster)),
  );
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
  };
}

function nextSteps(project: string): string {
  const flag = project === 'kcluster' ? '' : ` --name ${project}`;
  return `next: kcluster status${flag} · kcluster logs${flag} --follow · kcluster down${flag}`;
}
