import type { Engine } from '../cluster/engine.js';
import { ExitCode } from '../errors.js';
import { clusterText } from '../report/cluster-text.js';
import type { Outcome } from '../report/outcome.js';
import { clusterSummary } from '../report/summary.js';
import { seconds } from '../report/words.js';
import type { Topology } from '../topology/topology.js';
import { describeCluster } from '../operations/addresses.js';

/** The outcome of a command after which the cluster runs. */
export function running(
  engine: Engine,
  topology: Topology,
  changed: boolean,
  ms: number,
  /** What became of it, for a change that has a name. */
  what = 'is up',
): Outcome {
  const cluster = describeCluster(engine.name, topology);
  const headline = changed
    ? `cluster "${topology.project}" ${what} after ${seconds(ms)}`
    : `cluster "${topology.project}" ${what} already; nothing was changed`;
  return {
    exitCode: ExitCode.ok,
    data: { ...cluster, changed, ms: Math.round(ms) },
    text: (style) => [style.strong(headline), clusterText(cluster)].join('\n'),
    summary: () => clusterSummary(headline, cluster),
  };
}
