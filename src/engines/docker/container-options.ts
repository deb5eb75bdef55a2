import type Dockerode from 'dockerode';
import { defaultNetwork } from '../../cluster/reconcile.js';
import {
  graceSeconds,
  parsePort,
  parseVolume,
  type ComposeService,
} from '../../compose/document.js';
import { composeConfigHash } from '../../compose/compose-hash.js';
import { configHash } from '../../compose/hash.js';
import { ComposeLabel, Label } from '../../compose/labels.js';
import { composeVersion, containerName, scopedName } from './names.js';

export interface ContainerPlace {
  project: string;
  service: string;
  /** `sha256:...` */
  imageId: string;
  /** The directory that Compose shows as the project's. */
  workingDirectory: string;
}

/** What Docker is to create for a service of the document. Pure. */
export function containerOptions(
  definition: ComposeService,
  place: ContainerPlace,
): Dockerode.ContainerCreateOptions {
  const ports = (definition.ports ?? []).map(parsePort);
  return {
    name: containerName(place.project, place.service),
    Image: definition.image,
    ...(definition.hostname !== undefined && { Hostname: definition.hostname }),
    Env: Object.entries(definition.environment).map(([name, value]) => `${name}=${value}`),
    Labels: {
      ...definition.labels,
      [Label.configHash]: configHash(definition),
      ...composeLabels(definition, place),
    },
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port.containerPort}/tcp`, {}])),
    StopTimeout: graceSeconds(definition),
    HostConfig: {
      PortBindings: portBindings(ports),
      Mounts: mounts(definition, place.project),
      // The JVM is the container's first process: it gets Docker's signals itself.
      Init: false,
      RestartPolicy: { Name: 'no' },
      ExtraHosts: definition.extra_hosts ?? [],
      NetworkMode: definition.network_mode ?? scopedName(place.project, defaultNetwork),
    },
    ...(definition.network_mode === undefined && {
      NetworkingConfig: networking(definition, place),
    }),
  };
}

/**
 * With this set Compose lists, logs, stops, keeps and removes the container as its own (tried label by label with Compose
 * 2.40 and 1.29; the latter makes it anew in `up`). The value of depends_on is `SERVICE:CONDITION:RESTART`, with commas between.
 */
function composeLabels(
  definition: ComposeService,
  { project, service, imageId, workingDirectory }: ContainerPlace,
): Record<string, string> {
  return {
    [ComposeLabel.project]: project,
    [ComposeLabel.service]: service,
    [ComposeLabel.configHash]: composeConfigHash(definition),
    [ComposeLabel.image]: imageId,
    [ComposeLabel.configFiles]: 'kcluster',
    [ComposeLabel.workingDir]: workingDirectory,
    [ComposeLabel.containerNumber]: '1',
    [ComposeLabel.oneoff]: 'False',
    [ComposeLabel.dependsOn]: (definition.depends_on ?? [])
      .map((other) => `${other}:service_started:false`)
      .join(','),
    [ComposeLabel.version]: composeVersion,
  };
}

type PortBindings = Record<string, { HostIp: string; HostPort: string }[]>;

function portBindings(ports: readonly ReturnType<typeof parsePort>[]): PortBindings {
  const bindings: PortBindings = {};
  for (const { hostIp, hostPort, containerPort } of ports)
    (bindings[`${containerPort}/tcp`] ??= []).push({ HostIp: hostIp, HostPort: String(hostPort) });
  return bindings;
}

function mounts(definition: ComposeService, project: string): Dockerode.MountSettings[] {
  return (definition.volumes ?? []).map(parseVolume).map(({ volume, target }) => ({
    Type: 'volume',
    Source: scopedName(project, volume),
    Target: target,
  }));
}

/** The project's own network; the API takes no more than one. */
function networking(
  { networks }: ComposeService,
  { project, service }: ContainerPlace,
): { EndpointsConfig: Dockerode.EndpointsConfig } {
  const aliases = networks?.[defaultNetwork]?.aliases ?? [];
  const endpoint = { Aliases: [containerName(project, service), service, ...aliases] };
  return { EndpointsConfig: { [scopedName(project, defaultNetwork)]: endpoint } };
}
