import type { Engine } from '../cluster/engine.js';
import type { Lease } from '../cluster/lease.js';
import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { leaseText } from '../report/cluster-text.js';
import { table } from '../report/table.js';
import { recoverTopology } from '../topology/recover.js';
import { bootstrapServers } from '../topology/topology.js';
import type { CommandContext } from './context.js';

interface ListedCluster {
  cluster: string;
  engine: string;
  running: number;
  nodes: number;
  bootstrapServers: string;
  lease?: Lease;
}

/** `kcluster list`: every cluster on the machine, of every engine that answers. */
export async function list(context: CommandContext): Promise<Outcome> {
  const { engines, unavailable } = await context.engines.available();
  const clusters = (await Promise.all(engines.map(clustersOf))).flat();
  const now = Date.now();
  clusters.sort((a, b) => a.cluster.localeCompare(b.cluster));
  for (const { reason } of unavailable)
    context.emit({ type: 'notice', message: `not asked: ${reason.message}` });
  return {
    exitCode: ExitCode.ok,
    data: { clusters, engines: engines.map(({ name }) => name) },
    text: (style) =>
      clusters.length === 0
        ? 'there is no cluster; start one with `kcluster up`'
        : table(
            ['NAME', 'ENGINE', 'NODES', 'KAFKA', 'LEASE'],
            clusters.map(({ cluster, engine, running, nodes, bootstrapServers: kafka, lease }) => [
              cluster,
              engine,
              nodes === 0 ? 'data only' : `${running} of ${nodes} running`,
              kafka,
              lease ? leaseText(lease, now) : '',
            ]),
            style,
          ),
  };
}

async function clustersOf(engine: Engine): Promise<ListedCluster[]> {
  const projects = await engine.list();
  return await Promise.all(
    projects.map(async (project) => {
      const observed = await engine.observe(project);
      return {
        cluster: project,
        engine: engine.name,
        running: observed.nodes.filter(({ state }) => state === 'running').length,
        nodes: observed.nodes.length,
        bootstrapServers: bootstrapServers(recoverTopology(observed)),
        ...(observed.lease && { lease: observed.lease }),
      };
    }),
  );
}
