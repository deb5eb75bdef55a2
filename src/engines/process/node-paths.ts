import { isAbsolute, join, posix } from 'node:path';

/** A volume of a node: its directory on this machine, and the path that the node knows it by. */
export interface Mount {
  directory: string;
  target: string;
}

/**
 * Where a path of the node is on this machine: on the volume that is mounted there, else under `root`, which goes
 * with the node as a container's own files do. A relative path stays: the node runs in its directory.
 */
export function hostPath(path: string, mounts: readonly Mount[], root: string): string {
  if (!isAbsolute(path)) return path;
  const normal = posix.normalize(path);
  const [mount] = mounts
    .filter(({ target }) => isWithin(normal, target))
    .toSorted((a, b) => b.target.length - a.target.length);
  if (!mount) return join(root, normal);
  return join(mount.directory, posix.relative(mount.target, normal));
}

function isWithin(path: string, target: string): boolean {
  const relative = posix.relative(target, path);
  return relative !== '..' && !relative.startsWith('../');
}

/**
 * The environment with every path of this machine in the variables that carry paths; a value may be a list with
 * commas. Also the paths themselves, which are directories of the node.
 */
export function withHostPaths(
  env: Readonly<Record<string, string>>,
  variables: readonly string[],
  toHostPath: (path: string) => string,
): { env: Record<string, string>; directories: string[] } {
  const result = { ...env };
  const directories: string[] = [];
  for (const name of variables) {
    const value = env[name];
    if (!value) continue;
    const paths = value.split(',').map((path) => toHostPath(path.trim()));
    directories.push(...paths);
    result[name] = paths.join(',');
  }
  return { env: result, directories };
}
