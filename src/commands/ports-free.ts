import type { ObservedProject } from '../cluster/observed.js';
import { KclusterError } from '../errors.js';
import { isPortFree } from '../system/ports.js';
import { recoverTopology } from '../topology/recover.js';
import { portsOnHost, type Topology } from '../topology/topology.js';
import type { CommandContext } from './context.js';

/**
 * Checks every host port that no node of the cluster holds already, before anything is made.
 * @throws KclusterError `conflict` that names every taken port, and its holder where an engine knows it
 */
export async function assertPortsFree(
  { engines }: CommandContext,
  topology: Topology,
  observed: ObservedProject,
): Promise<void> {
  const alive = observed.nodes.filter(({ state }) => state === 'running' || state === 'paused');
  const held = portsOnHost(recoverTopology({ ...observed, nodes: alive })).map(({ port }) => port);
  const wanted = portsOnHost(topology).filter(({ port }) => !held.includes(port));
  const free = await Promise.all(wanted.map(({ port }) => isPortFree(port)));
  const taken = wanted.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const details = await Promise.all(
    taken.map(async ({ service, port }) => {
      const holder = await engines.portHolder(port);
      return `${port}, for ${service}${holder === undefined ? '' : `: held by ${holder}`}`;
    }),
  );
  throw new KclusterError(
    'conflict',
    taken.length === 1
      ? `port ${taken[0]!.port} is taken`
      : `ports ${taken.map(({ port }) => port).join(', ')} are taken`,
    {
      details,
      hints: [
        'Take free ports with `--ports auto`, or others with `--kafka-port` and `--zookeeper-port`.',
        'See which clusters are there with `kcluster list`.',
      ],
    },
  );
}
