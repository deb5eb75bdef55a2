import type Dockerode from 'dockerode';
import type { ComposeService } from '../../compose/document.js';
import { defaultNetwork } from '../../cluster/reconcile.js';
import { KclusterError } from '../../errors.js';
import { joinedAlias } from '../../topology/layout.js';
import { networksOfLabels } from '../../topology/recover.js';
import { found } from './api-errors.js';
import type { StepScope } from './step-scope.js';

/** The names that a container has on networks of other projects, by network. */
type Aliases = Readonly<Record<string, readonly string[]>>;

/** What a definition says of them. */
export function aliasesIn({ networks = {} }: ComposeService): Aliases {
  return Object.fromEntries(
    Object.entries(networks)
      .filter(([name]) => name !== defaultNetwork)
      .map(([name, endpoint]) => [name, endpoint?.aliases ?? []]),
  );
}

/** What the labels of a container say, whoever made it. */
export function aliasesOfLabels(
  project: string,
  service: string,
  labels: Readonly<Record<string, string>>,
): Aliases {
  const aliases = [joinedAlias(project, service)];
  return Object.fromEntries(networksOfLabels(labels).map((name) => [name, aliases]));
}

/**
 * Connects a container that does not run to each network, where it is not: the API creates a container on one network
 * only (until 1.44), and a run may have been killed after that. One that was made anew since has another id, by which
 * Docker would look in vain for the old.
 * @throws KclusterError `invalidSpec` when a network is not there
 */
export async function joinNetworks(
  docker: Dockerode,
  container: Dockerode.Container,
  networks: Aliases,
): Promise<void> {
  if (Object.keys(networks).length === 0) return;
  const { NetworkSettings } = await container.inspect();
  for (const [name, aliases] of Object.entries(networks)) {
    const { Id } = await findByName(docker, name);
    const endpoint = NetworkSettings.Networks[name];
    // Before its first start a container knows the network by name alone.
    if (endpoint && ['', Id].includes(endpoint.NetworkID)) continue;
    if (endpoint) await docker.getNetwork(name).disconnect({ Container: container.id });
    await docker
      .getNetwork(Id)
      .connect({ Container: container.id, EndpointConfig: { Aliases: [...aliases] } });
  }
}

/** @throws KclusterError `invalidSpec` when the network is not there */
export async function findNetwork(
  { docker }: StepScope,
  { network }: { network: string },
): Promise<void> {
  await findByName(docker, network);
}

/** By its whole name: Docker itself would take the beginning of an id as well. */
async function findByName(docker: Dockerode, name: string): Promise<Dockerode.NetworkInspectInfo> {
  const info = await found<Dockerode.NetworkInspectInfo>(docker.getNetwork(name).inspect());
  if (info?.Name === name) return info;
  throw new KclusterError('invalidSpec', `there is no Docker network "${name}" to join`, {
    hints: [
      'See which networks there are with `docker network ls`.',
      `Start the project that makes it first, or make it: \`docker network create ${name}\`.`,
    ],
  });
}
