import type Dockerode from 'dockerode';
import { ComposeLabel } from '../../compose/labels.js';
import { KclusterError } from '../../errors.js';
import { found, reasonOf, statusOf, unless } from './api-errors.js';
import { projectFilter, scopedLabels, scopedName } from './names.js';
import type { StepScope } from './step-scope.js';

export async function createNetwork(
  scope: StepScope,
  { network }: { network: string },
): Promise<void> {
  if ((await networksOf(scope, network)).length > 0) return;
  const name = scopedName(scope.project, network);
  try {
    await scope.docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      Labels: scopedLabels(scope.project, 'network', network),
    });
  } catch (error) {
    // Another run of the same project may have been faster.
    if (statusOf(error) === 409 && (await networksOf(scope, network)).length > 0) return;
    throw creationFailure(error, name, scope.project);
  }
}

export async function removeNetwork(
  scope: StepScope,
  { network }: { network: string },
): Promise<void> {
  const networks = await networksOf(scope, network);
  await Promise.all(networks.map(async ({ Id }) => await remove(scope.docker.getNetwork(Id))));
}

async function networksOf(
  { docker, project }: StepScope,
  network: string,
): Promise<Dockerode.NetworkInspectInfo[]> {
  const filters = projectFilter(project, { [ComposeLabel.network]: network });
  return await docker.listNetworks({ filters });
}

async function remove(network: Dockerode.Network): Promise<void> {
  try {
    await unless([404], network.remove());
  } catch (error) {
    // Docker refuses to remove a network with containers on it by 403.
    if (statusOf(error) !== 403) throw error;
    const info = await found(network.inspect());
    const users = Object.values(info?.Containers ?? {}).map(({ Name }) => Name);
    throw new KclusterError(
      'conflict',
      `network ${info?.Name ?? network.id} is in use by ${users.join(', ') || 'other containers'}`,
      {
        hints: users.map(
          (user) => `Take it off with \`docker network disconnect -f ${info?.Name} ${user}\`.`,
        ),
        cause: error,
      },
    );
  }
}

function creationFailure(error: unknown, name: string, project: string): unknown {
  if (statusOf(error) === 409)
    return new KclusterError(
      'conflict',
      `network ${name} exists and does not belong to project ${project}`,
      {
        hints: [`Remove it with \`docker network rm ${name}\`, or choose another project name.`],
        cause: error,
      },
    );
  if (/non-overlapping|address pools? .*(full|subnetted)/i.test(reasonOf(error)))
    return new KclusterError(
      'startFailed',
      `Docker has no address range left for network ${name}`,
      {
        hints: ['Remove networks that nothing uses with `docker network prune`.'],
        cause: error,
      },
    );
  return error;
}
