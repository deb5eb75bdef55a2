import type Dockerode from 'dockerode';
import type { ObservedDefinition } from '../../cluster/observed.js';
import { ComposeLabel } from '../../compose/labels.js';
import { scopedName } from './names.js';

/**
 * What a container was created from. Docker has merged the image's own settings into it; when the image is gone they
 * can't be told apart any more, and all count as the image's. Pure.
 */
export function definitionOf(
  { Config, Mounts }: Dockerode.ContainerInspectInfo,
  image: Dockerode.ImageInspectInfo | undefined,
): ObservedDefinition {
  const environment = variables(Config.Env);
  const ofImage = image ? variables(image.Config.Env) : environment;
  const command = Config.Cmd as string[] | null;
  const isImages = JSON.stringify(command) === JSON.stringify(image?.Config.Cmd ?? null);
  return {
    environment,
    inherited: Object.keys(environment).filter((name) => environment[name] === ofImage[name]),
    volumes: namedVolumes(Config.Labels[ComposeLabel.project] ?? '', Mounts),
    ...(command && !isImages && { command }),
  };
}

function variables(env: readonly string[] | null): Record<string, string> {
  return Object.fromEntries((env ?? []).map((line) => line.split(/=(.*)/s, 2) as [string, string]));
}

/** Docker lists mounts in no order, and among them the volumes without a name that an image asks for. */
function namedVolumes(project: string, mounts: Dockerode.ContainerInspectInfo['Mounts']): string[] {
  const prefix = scopedName(project, '');
  return mounts
    .flatMap(({ Name, Destination }) =>
      Name?.startsWith(prefix) ? [`${Name.slice(prefix.length)}:${Destination}`] : [],
    )
    .sort();
}
