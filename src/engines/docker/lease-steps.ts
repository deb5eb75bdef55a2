import { randomBytes } from 'node:crypto';
import type Dockerode from 'dockerode';
import { parseLease, type Lease } from '../../cluster/lease.js';
import { Label } from '../../compose/labels.js';
import { unless } from './api-errors.js';
import { labelOf, scopedLabels, scopedName } from './names.js';
import type { StepScope } from './step-scope.js';

type Volume = Dockerode.VolumeInspectInfo;

/**
 * A lease is the label of an empty volume: Docker changes no label, so that another lease is another volume. The new one
 * comes before the old one goes; of two the later one counts.
 */
export async function grantLease(
  { docker, project }: StepScope,
  { lease }: { lease: Lease },
): Promise<void> {
  const before = await leaseVolumes(docker, project);
  const serial = Math.max(0, ...before.map(serialOf)) + 1;
  const key = `lease-${randomBytes(4).toString('hex')}`;
  await docker.createVolume({
    Name: scopedName(project, key),
    Labels: {
      ...scopedLabels(project, 'volume', key),
      [Label.lease]: JSON.stringify({ ...lease, serial }),
    },
  });
  await removeAll(docker, before);
}

export async function endLease({ docker, project }: StepScope): Promise<void> {
  await removeAll(docker, await leaseVolumes(docker, project));
}

/** Every lease of this daemon, by project. */
export async function allLeases(docker: Dockerode): Promise<Map<string, Lease>> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [Label.lease] } });
  const projectOf = (volume: Volume): string => labelOf(volume, Label.project) ?? '';
  const leases = new Map<string, Lease>();
  for (const project of new Set(volumes.map(projectOf))) {
    const lease = leaseOf(volumes.filter((volume) => projectOf(volume) === project));
    if (lease) leases.set(project, lease);
  }
  return leases;
}

/** The lease that the volumes of a project tell. */
export function leaseOf(volumes: readonly Volume[]): Lease | undefined {
  const [last] = volumes.filter(isLeaseVolume).toSorted((a, b) => serialOf(b) - serialOf(a));
  return last && parseLease(labelOf(last, Label.lease) ?? '');
}

export function isLeaseVolume(volume: Volume): boolean {
  return labelOf(volume, Label.lease) !== undefined;
}

async function leaseVolumes(docker: Dockerode, project: string): Promise<Volume[]> {
  const label = [`${Label.project}=${project}`, Label.lease];
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label } });
  return volumes;
}

function serialOf(volume: Volume): number {
  const [, serial = '0'] = /"serial":(\d+)\}$/.exec(labelOf(volume, Label.lease) ?? '') ?? [];
  return Number(serial);
}

async function removeAll(docker: Dockerode, volumes: readonly Volume[]): Promise<void> {
  await Promise.all(
    volumes.map(async ({ Name }) => await unless([404], docker.getVolume(Name).remove())),
  );
}
