/** An image reference in its parts: `mirror.example:5000/hub/confluentinc/cp-kafka:7.9.10@sha256:...`. */
export interface ImageReference {
  /** The registry; Docker Hub when there is none. */
  host?: string;
  /** `hub/confluentinc/cp-kafka` */
  path: string;
  tag?: string;
  digest?: string;
}

/** By Docker's rule the first part is a host when it looks like one: it has a dot or a port, or is localhost. */
export function parseReference(reference: string): ImageReference {
  const [name = '', digest] = reference.split('@');
  const colon = name.lastIndexOf(':');
  const tagged = colon > name.lastIndexOf('/');
  const parts = (tagged ? name.slice(0, colon) : name).split('/');
  const [first = ''] = parts;
  const hosted = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  return {
    ...(hosted && { host: first }),
    path: (hosted ? parts.slice(1) : parts).join('/'),
    ...(tagged && { tag: name.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
  };
}

export function formatReference({ host, path, tag, digest }: ImageReference): string {
  return [
    host === undefined ? '' : `${host}/`,
    path,
    tag === undefined ? '' : `:${tag}`,
    digest === undefined ? '' : `@${digest}`,
  ].join('');
}

/** Whether an image is of a repository, possibly below a path of a mirror; a name of one part has no such path. */
export function isOf({ path }: ImageReference, repository: string): boolean {
  return path === repository || (repository.includes('/') && path.endsWith(`/${repository}`));
}

/** Whether an image comes from Docker Hub itself. */
export function isFromHub({ host }: ImageReference): boolean {
  return (
    host === undefined || ['docker.io', 'index.docker.io', 'registry-1.docker.io'].includes(host)
  );
}

/** The numbers that a tag begins with: `7.9.10-1-ubi8` is 7, 9, 10. Undefined for `latest` and other words. */
export function versionOf(tag: string): number[] | undefined {
  const [numbers] = /^\d+(\.\d+)*/.exec(tag.replace(/^v/, '')) ?? [];
  return numbers?.split('.').map(Number);
}

/** Whether a version is another one or newer; a part that is missing is 0. */
export function isAtLeast(version: readonly number[], other: readonly number[]): boolean {
  const at = other.findIndex((part, index) => (version[index] ?? 0) !== part);
  return at === -1 || (version[at] ?? 0) > other[at]!;
}
