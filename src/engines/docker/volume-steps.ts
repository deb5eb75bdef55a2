import type Dockerode from 'dockerode';
import { ComposeLabel } from '../../compose/labels.js';
import { KclusterError } from '../../errors.js';
import { found, statusOf, unless } from './api-errors.js';
import { labelOf, projectFilter, scopedLabels, scopedName } from './names.js';
import type { StepScope } from './step-scope.js';

export async function createVolume(
  { docker, project }: StepScope,
  { volume }: { volume: string },
): Promise<void> {
  const name = scopedName(project, volume);
  // Docker takes the creation of a volume that exists for done, whoever it belongs to.
  const existing = await found(docker.getVolume(name).inspect());
  if (existing && labelOf(existing, ComposeLabel.project) !== project)
    throw new KclusterError(
      'conflict',
      `volume ${name} exists and does not belong to project ${project}`,
      {
        hints: [
          `Remove it and its data with \`docker volume rm ${name}\`, or choose another project name.`,
        ],
      },
    );
  if (existing) return;
  await docker.createVolume({ Name: name, Labels: scopedLabels(project, 'volume', volume) });
}

export async function removeVolume(
  { docker, project }: StepScope,
  { volume }: { volume: string },
): Promise<void> {
  const filters = projectFilter(project, { [ComposeLabel.volume]: volume });
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all(volumes.map(async ({ Name }) => await remove(docker, Name)));
}

async function remove(docker: Dockerode, name: string): Promise<void> {
  try {
    await unless([404], docker.getVolume(name).remove());
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    const users = await docker.listContainers({ all: true, filters: { volume: [name] } });
    const names = users.flatMap(({ Names }) => Names[0]?.replace(/^\//, '') ?? []);
    throw new KclusterError(
      'conflict',
      `volume ${name} is in use by ${names.join(', ') || 'a container'}`,
      {
        hints: names.map((user) => `Remove the container with \`docker rm -f ${user}\`.`),
        cause: error,
      },
    );
  }
}
