import type { EngineSite } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import { KclusterError } from '../errors.js';
import { isLoopback } from '../topology/address.js';
import { recoverTopology } from '../topology/recover.js';
import { nodesOf } from '../topology/topology.js';

/**
 * Refuses to look for a cluster that was made for clients of another machine alone: at its addresses this machine may
 * have another one. Pure.
 * @throws KclusterError `conflict`
 */
export function assertInReach({ elsewhere }: EngineSite, observed: ObservedProject): void {
  const nodes = nodesOf(recoverTopology(observed));
  if (!elsewhere || !nodes.some(({ hostAddress }) => isLoopback(hostAddress.host))) return;
  const { project } = observed;
  throw new KclusterError(
    'conflict',
    `cluster "${project}" is on the loopback interface of another machine, ${elsewhere.name}`,
    {
      hints: [
        'Run kcluster on that machine.',
        `Or replace its nodes by such that are reached from here: \`kcluster up --name ${project} --advertise ${elsewhere.name}\`.`,
      ],
    },
  );
}
