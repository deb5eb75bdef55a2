import type Dockerode from 'dockerode';
import type { ObservedNode, ObservedProject } from '../../cluster/observed.js';
import { ComposeLabel, Label } from '../../compose/labels.js';
import { found } from './api-errors.js';
import { isLeaseVolume, leaseOf } from './lease-steps.js';
import { labelOf, projectFilter } from './names.js';
import { definitionOf } from './observed-definition.js';

/** What carries Compose's label of the project, whether kcluster or Compose itself made it. */
export async function observe(docker: Dockerode, project: string): Promise<ObservedProject> {
  const filters = projectFilter(project);
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    listContainers(docker, project),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const images = new Map(
    await Promise.all(
      [...new Set(containers.map(({ ImageID }) => ImageID))].map(
        async (id) => [id, await found(docker.getImage(id).inspect())] as const,
      ),
    ),
  );
  const nodes = await Promise.all(
    containers.map(async ({ Id, ImageID }) => await observeNode(docker, Id, images.get(ImageID))),
  );
  const lease = leaseOf(volumes);
  return {
    project,
    nodes: nodes.flatMap((node) => node ?? []).sort(byService),
    networks: keys(networks, ComposeLabel.network),
    volumes: keys(
      volumes.filter((volume) => !isLeaseVolume(volume)),
      ComposeLabel.volume,
    ),
    ...(lease && { lease }),
  };
}

/** The names of the projects of which something carries a label of kcluster. */
export async function listProjects(docker: Dockerode): Promise<string[]> {
  const filters = { label: [Label.project] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters: { label: [Label.role] } }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...new Set([
      ...keys(containers, ComposeLabel.project),
      ...keys(networks, Label.project),
      ...keys(volumes, Label.project),
    ]),
  ].sort();
}

/**
 * The containers of a project, or of one of its services, in whatever state. Not those of `docker compose run`,
 * which are no part of the cluster.
 */
export async function listContainers(
  docker: Dockerode,
  project: string,
  service?: string,
): Promise<Dockerode.ContainerInfo[]> {
  const containers = await listAllContainers(docker, project, service);
  return containers.filter(({ Labels }) => Labels[ComposeLabel.oneoff] !== 'True');
}

/** The containers of a project, or of one of its services, and those of `docker compose run` too. */
export async function listAllContainers(
  docker: Dockerode,
  project: string,
  service?: string,
): Promise<Dockerode.ContainerInfo[]> {
  const filters = projectFilter(
    project,
    service === undefined ? {} : { [ComposeLabel.service]: service },
  );
  return await docker.listContainers({ all: true, filters });
}

/** @param image what it was created from, if that is still there */
async function observeNode(
  docker: Dockerode,
  id: string,
  image: Dockerode.ImageInspectInfo | undefined,
): Promise<ObservedNode | undefined> {
  const info = await found(docker.getContainer(id).inspect());
  if (!info) return undefined;
  const { State, Config, Name } = info;
  const state = stateOf(State.Status);
  const alive = state === 'running' || state === 'paused';
  return {
    service: Config.Labels[ComposeLabel.service] ?? '',
    state,
    handle: Name.replace(/^\//, ''),
    image: Config.Image,
    configHash: Config.Labels[Label.configHash] ?? '',
    labels: Config.Labels,
    definition: definitionOf(info, image),
    ...(alive && { startedAt: Date.parse(State.StartedAt) }),
    ...(state === 'exited' && { exitCode: State.ExitCode }),
  };
}

/** Docker's seven states as four: `restarting` is about to run again, `removing` and `dead` never will. */
function stateOf(status: string): ObservedNode['state'] {
  if (status === 'created' || status === 'paused') return status;
  return status === 'running' || status === 'restarting' ? 'running' : 'exited';
}

function keys(
  things: readonly { Labels?: Record<string, string> | null }[],
  label: string,
): string[] {
  return things.flatMap((thing) => labelOf(thing, label) ?? []).sort();
}

function byService(a: ObservedNode, b: ObservedNode): number {
  return a.service < b.service ? -1 : 1;
}
