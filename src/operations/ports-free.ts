import type { Engine } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import { KclusterError } from '../errors.js';
import { addressesOf } from '../system/names.js';
import { isAnswered, portState, type PortState } from '../system/ports.js';
import { recoverTopology } from '../topology/recover.js';
import { portsOnHost, type HostPort, type Topology } from '../topology/topology.js';
import type { OperationContext } from './context.js';

/**
 * Checks every host port that no node of the cluster holds already, before anything is made. On another machine a port
 * where nothing answers may still be taken; then its engine says so.
 * @throws KclusterError `conflict` that names every taken port, and its holder where an engine knows it; `invalidSpec`
 * for an address that this machine does not have, or a name of another one that it does not know
 */
export async function assertPortsFree(
  { engines }: OperationContext,
  engine: Engine,
  topology: Topology,
  observed: ObservedProject,
): Promise<void> {
  const alive = observed.nodes.filter(({ state }) => state === 'running' || state === 'paused');
  const held = portsOnHost(recoverTopology({ ...observed, nodes: alive })).map(({ port }) => port);
  const wanted = portsOnHost(topology).filter(({ port }) => !held.includes(port));
  const states = await statesOf(wanted, engine, topology);
  assertAddresses(
    engine.name,
    wanted.filter((_, index) => states[index] === 'no such address'),
  );
  const taken = wanted.filter((_, index) => states[index] === 'taken');
  if (taken.length === 0) return;
  const details = await Promise.all(
    taken.map(async ({ service, port }) => {
      const holder = await (engine.elsewhere ? engine : engines).portHolder(port);
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

async function statesOf(
  wanted: readonly HostPort[],
  { elsewhere }: Engine,
  { brokers }: Topology,
): Promise<PortState[]> {
  if (!elsewhere) return await Promise.all(wanted.map(portState));
  const host = brokers[0]?.hostAddress.host ?? elsewhere.name;
  await assertKnown(host);
  const answered = wanted.map(async ({ port }) => await isAnswered({ host, port }));
  return (await Promise.all(answered)).map((is) => (is ? 'taken' : 'free'));
}

async function assertKnown(host: string): Promise<void> {
  if ((await addressesOf(host)).length > 0) return;
  throw new KclusterError('invalidSpec', `"${host}" does not resolve on this machine`, {
    hints: ['Give `--advertise` a name or address by which clients here reach the other machine.'],
  });
}

/** Where Docker runs in a virtual machine, as on macOS, an address may be one of that. */
function assertAddresses(engine: Engine['name'], missing: readonly HostPort[]): void {
  if (missing.length === 0 || (engine === 'docker' && process.platform !== 'linux')) return;
  const hosts = [...new Set(missing.map(({ host }) => host))];
  throw new KclusterError('invalidSpec', `this machine does not have ${hosts.join(' or ')}`, {
    details: missing.map(({ service, host, port }) => `${service} is to listen on ${host}:${port}`),
    hints: [
      'See which addresses it has with `ip addr` or `ifconfig`.',
      'For `--docker-host` it is that of docker0 on Linux, and 127.0.0.1 with Docker Desktop.',
    ],
  });
}
