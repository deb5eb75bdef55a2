import type Dockerode from 'dockerode';
import type { ComposeService } from '../../compose/document.js';
import { ComposeLabel } from '../../compose/labels.js';
import { KclusterError } from '../../errors.js';
import { found, statusOf, unless } from './api-errors.js';
import { containerOptions } from './container-options.js';
import { missingImage } from './image-errors.js';
import { aliasesIn, aliasesOfLabels, joinNetworks } from './joined-networks.js';
import { containerName } from './names.js';
import { listAllContainers, listContainers } from './observe.js';
import { describeContainer, startFailure } from './start-errors.js';
import type { StepScope } from './step-scope.js';

export async function createNode(
  scope: StepScope,
  { service, definition }: { service: string; definition: ComposeService },
): Promise<void> {
  const { docker, project } = scope;
  const [existing, image] = await Promise.all([
    listContainers(docker, project, service),
    found(docker.getImage(definition.image).inspect()),
  ]);
  if (existing.length > 0) return;
  if (!image) throw missingImage(definition.image);
  const place = { project, service, imageId: image.Id, workingDirectory: process.cwd() };
  try {
    const container = await docker.createContainer(containerOptions(definition, place));
    await joinNetworks(docker, container, aliasesIn(definition));
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
    await refuseUnlessOurs(scope, service, error);
  }
}

/** Starts the node, or lets it go on where it is paused. */
export async function startNode(scope: StepScope, { service }: { service: string }): Promise<void> {
  const { docker, project } = scope;
  const containers = await listContainers(docker, project, service);
  if (containers.length === 0)
    throw new KclusterError(
      'startFailed',
      `there is no container of ${service} in project ${project}`,
      {
        hints: ['Something else removed it meanwhile; do the command again.'],
      },
    );
  for (const info of containers) {
    const container = docker.getContainer(info.Id);
    if (info.State === 'paused') await container.unpause();
    if (['paused', 'running'].includes(info.State)) continue;
    await joinNetworks(docker, container, aliasesOfLabels(project, service, info.Labels));
    await start(docker, container, service);
  }
}

export async function stopNode(
  scope: StepScope,
  { service, graceSeconds }: { service: string; graceSeconds: number },
): Promise<void> {
  await forEachContainer(scope, service, async (container) => {
    await unless([304, 404], container.stop({ t: graceSeconds }));
  });
}

export async function killNode(scope: StepScope, { service }: { service: string }): Promise<void> {
  await forEachContainer(scope, service, async (container) => {
    // 409: it does not run.
    await unless([404, 409], container.kill({ signal: 'SIGKILL' }));
    // The signal is on its way when Docker answers; the node is killed when it has ended.
    await unless([404], container.wait());
  });
}

export async function pauseNode(scope: StepScope, { service }: { service: string }): Promise<void> {
  await forEachContainer(scope, service, async (container) => {
    // 409: it is paused, or does not run.
    await unless([404, 409], container.pause());
  });
}

/**
 * Removes the node, running or not, and the anonymous volumes that its image asked for. Containers of `docker compose
 * run` go too: they hold its volumes and the network.
 */
export async function removeNode(
  { docker, project }: StepScope,
  { service }: { service: string },
): Promise<void> {
  const containers = await listAllContainers(docker, project, service);
  await Promise.all(containers.map(async ({ Id }) => await remove(docker.getContainer(Id))));
}

async function remove(container: Dockerode.Container): Promise<void> {
  try {
    await unless([404], container.remove({ force: true, v: true }));
  } catch (error) {
    // 409: somebody else is removing it right now.
    if (statusOf(error) !== 409) throw error;
    await unless([404], container.wait({ condition: 'removed' }));
  }
}

async function forEachContainer(
  { docker, project }: StepScope,
  service: string,
  act: (container: Dockerode.Container) => Promise<void>,
): Promise<void> {
  const containers = await listContainers(docker, project, service);
  await Promise.all(containers.map(async ({ Id }) => await act(docker.getContainer(Id))));
}

async function start(
  docker: Dockerode,
  container: Dockerode.Container,
  service: string,
): Promise<void> {
  try {
    await unless([304], container.start());
  } catch (error) {
    throw await startFailure(docker, error, service);
  }
}

/** Docker said that the name is taken: fine when another run of the project has just made the node. */
async function refuseUnlessOurs(
  { docker, project }: StepScope,
  service: string,
  cause: unknown,
): Promise<void> {
  const name = containerName(project, service);
  const holder = await found(docker.getContainer(name).inspect());
  const labels = holder?.Config.Labels ?? {};
  if (labels[ComposeLabel.project] === project && labels[ComposeLabel.service] === service) return;
  const who = holder ? describeContainer(name, labels) : `container ${name}`;
  throw new KclusterError(
    'conflict',
    `the name of ${service}'s container is taken by ${who}, which does not belong to project ${project}`,
    {
      hints: [`Remove it with \`docker rm -f ${name}\`, or choose another project name.`],
      cause,
    },
  );
}
