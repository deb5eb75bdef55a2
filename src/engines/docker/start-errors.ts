import type Dockerode from 'dockerode';
import { ComposeLabel, Label } from '../../compose/labels.js';
import { KclusterError } from '../../errors.js';
import type { ExtraListener } from '../../topology/topology.js';
import { reasonOf } from './api-errors.js';

/** Why Docker could not start a container, where it is something that is known; else the failure as it is. */
export async function startFailure(
  docker: Dockerode,
  error: unknown,
  service: string,
): Promise<unknown> {
  const reason = reasonOf(error);
  const port = takenPort(reason);
  if (port !== undefined) return await portTaken(docker, port, service, error);
  const address = missingAddress(reason);
  if (address !== undefined)
    return new KclusterError(
      'invalidSpec',
      `${service} is to be published on ${address}, which Docker's machine does not have`,
      {
        hints: [
          'For `--docker-host` it is that of docker0 on Linux, and 127.0.0.1 with Docker Desktop.',
          'Where that machine is known by an address of a router, `--bind 0.0.0.0` takes all that it has.',
        ],
        cause: error,
      },
    );
  if (/network \S+ not found/i.test(reason))
    return new KclusterError('startFailed', `the network of ${service} is gone`, {
      hints: ['Make the containers anew: `kcluster down`, then `kcluster up`. Volumes are kept.'],
      cause: error,
    });
  return error;
}

/**
 * The host port of which Docker says that somebody has it. Its words, by version: "Bind for IP:PORT failed: port is
 * already allocated" (another container), "listen tcp4 IP:PORT: bind: address already in use" (a process), "failed
 * to bind host port IP:PORT/tcp: address already in use", "failed to bind host port for IP:PORT:CONTAINER_IP:PORT/tcp".
 */
export function takenPort(reason: string): number | undefined {
  if (!/already allocated|already in use/i.test(reason)) return undefined;
  const match =
    /(?:bind for|listen tcp[46]?|bind host port(?: for)?) (?:[\d.]+|\[[\da-f:]*\]):(\d+)/i.exec(
      reason,
    );
  return match ? Number(match[1]) : undefined;
}

/** The address of which Docker says that nothing can be bound there: "listen tcp4 IP:PORT: bind: cannot assign ...". */
export function missingAddress(reason: string): string | undefined {
  if (!/cannot assign requested address/i.test(reason)) return undefined;
  return /(\d+(?:\.\d+){3}):\d+/.exec(reason)?.[1];
}

async function portTaken(
  docker: Dockerode,
  port: number,
  service: string,
  cause: unknown,
): Promise<KclusterError> {
  const holder = await portHolder(docker, port);
  return new KclusterError(
    'conflict',
    `port ${port} is taken by ${holder ?? 'another process'}, and ${service} is to be published there`,
    {
      hints: [
        holder === undefined
          ? `See who has it with \`ss -ltnp 'sport = :${port}'\`.`
          : 'Stop that container if nobody needs it.',
        'Take free ports with `kcluster up --ports auto`.',
      ],
      cause,
    },
  );
}

/** The running container that holds a port of the host, in words: by publishing it, or as a node on the host's network. */
export async function portHolder(docker: Dockerode, port: number): Promise<string | undefined> {
  const containers = await docker.listContainers();
  const holder = containers.find(
    ({ Ports, Labels, HostConfig }) =>
      Ports.some(({ PublicPort }) => PublicPort === port) ||
      (HostConfig.NetworkMode === 'host' && labelledPorts(Labels).includes(port)),
  );
  if (!holder) return undefined;
  return describeContainer(holder.Names[0]?.replace(/^\//, '') ?? holder.Id, holder.Labels);
}

/** `container foo of compose project bar` */
export function describeContainer(name: string, labels: Readonly<Record<string, string>>): string {
  const project = labels[ComposeLabel.project];
  return project === undefined
    ? `container ${name}`
    : `container ${name} of compose project ${project}`;
}

function labelledPorts(labels: Readonly<Record<string, string>>): number[] {
  const addresses = [labels[Label.hostAddress], labels[Label.networkAddress]];
  const listeners = JSON.parse(labels[Label.listeners] ?? '[]') as ExtraListener[];
  return [
    ...addresses.flatMap((address) => address?.match(/:(\d+)$/)?.[1] ?? []),
    ...(labels[Label.peerPorts]?.split(',') ?? []),
    ...listeners.flatMap(({ bind }) => bind?.port ?? []),
  ].map(Number);
}
