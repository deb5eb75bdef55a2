import { join, relative, sep } from 'node:path';

/**
 * Where things are under the state directory:
 * `clusters/PROJECT/nodes/SERVICE/`, `clusters/PROJECT/volumes/KEY/` and `clusters/PROJECT/lease.json`.
 */
export function clustersDirectory(state: string): string {
  return join(state, 'clusters');
}

export function projectDirectory(state: string, project: string): string {
  return join(clustersDirectory(state), named(project));
}

export function nodesDirectory(state: string, project: string): string {
  return join(projectDirectory(state, project), 'nodes');
}

export function nodeDirectory(state: string, project: string, service: string): string {
  return join(nodesDirectory(state, project), named(service));
}

export function volumesDirectory(state: string, project: string): string {
  return join(projectDirectory(state, project), 'volumes');
}

export function volumeDirectory(state: string, project: string, key: string): string {
  return join(volumesDirectory(state, project), named(key));
}

/** The file that is the lease of a project. */
export function leaseFile(state: string, project: string): string {
  return join(projectDirectory(state, project), 'lease.json');
}

/** The files of a node. */
export const NodeFile = {
  /** What the node was created from. */
  definition: 'node.json',
  /** Standard output and standard error; it is there from the first start on. */
  log: 'node.log',
  log4j: 'log4j.properties',
  /** Holds the paths of the node that are on no volume. */
  root: 'root',
} as const;

/** Which node a directory of this layout belongs to; undefined for any other directory. */
export function nodeOfDirectory(
  state: string,
  directory: string,
): { project: string; service: string } | undefined {
  const [project, nodes, service, ...more] = relative(clustersDirectory(state), directory).split(
    sep,
  );
  if (!project || nodes !== 'nodes' || !service || more.length > 0) return undefined;
  return isName(project) && isName(service) ? { project, service } : undefined;
}

/** A name that is one part of a path. A leading dot is kept for what is being made. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9_][\w.-]*$/.test(text);
}

function named(text: string): string {
  if (!isName(text)) throw new Error(`not a name: ${JSON.stringify(text)}`);
  return text;
}
