import { ExitCode } from '../errors.js';
import { describeCluster } from '../operations/addresses.js';
import { awaitCluster } from '../operations/await-cluster.js';
import type { ClusterOptions } from '../operations/context.js';
import { clusterText } from '../report/cluster-text.js';
import type { Outcome } from '../report/outcome.js';
import { seconds } from '../report/words.js';
import type { CommandContext } from './context.js';

/** `kcluster wait`: waits until a cluster works that another command starts, and says where it is. */
export async function wait(context: CommandContext, options: ClusterOptions): Promise<Outcome> {
  const { engine, topology, ms } = await awaitCluster(context, options);
  const cluster = describeCluster(engine.name, topology);
  return {
    exitCode: ExitCode.ok,
    data: { ...cluster, ms: Math.round(ms) },
    text: (style) =>
      [
        style.strong(`cluster "${topology.project}" works after ${seconds(ms)}`),
        clusterText(cluster),
      ].join('\n'),
  };
}
