import { ComposeLabel, Label } from '../../compose/labels.js';

/**
 * The Compose release whose labels these are. Older docker-compose crashes on a container without the label, and reads
 * nothing else from it.
 */
export const composeVersion = '2.40.3';

/** Compose v2's name of the one container of a service. */
export function containerName(project: string, service: string): string {
  return `${project}-${service}-1`;
}

/** Compose's name of a network or a volume of a project. */
export function scopedName(project: string, key: string): string {
  return `${project}_${key}`;
}

/** The labels of a network or a volume: Compose's, and kcluster's own to find it without any container. */
export function scopedLabels(
  project: string,
  kind: 'network' | 'volume',
  key: string,
): Record<string, string> {
  return {
    [ComposeLabel.project]: project,
    [ComposeLabel[kind]]: key,
    [ComposeLabel.version]: composeVersion,
    [Label.project]: project,
  };
}

/** A label of something; Docker gives null for what has no labels at all, which its types do not say. */
export function labelOf(
  thing: { Labels?: Readonly<Record<string, string>> | null },
  name: string,
): string | undefined {
  return thing.Labels?.[name];
}

/** The filter of the Docker API for what belongs to a project, whoever made it. */
export function projectFilter(
  project: string,
  labels: Readonly<Record<string, string>> = {},
): { label: string[] } {
  const wanted = { [ComposeLabel.project]: project, ...labels };
  return { label: Object.entries(wanted).map(([name, value]) => `${name}=${value}`) };
}
