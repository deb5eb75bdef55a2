import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObservedNode, ObservedProject } from '../../cluster/observed.js';
import { configHash } from '../../compose/hash.js';
import type { Children } from './children.js';
import {
  clustersDirectory,
  isName,
  nodeDirectory,
  NodeFile,
  nodeOfDirectory,
  nodesDirectory,
  volumesDirectory,
} from './layout.js';
import { readLease } from './lease-file.js';
import { readNode, type NodeRecord } from './node-file.js';
import type { NodeProcess, ProcessTable } from './process-table.js';
import { namesIn } from '../../system/files.js';

/** Where to look. */
export interface Sight {
  state: string;
  table: ProcessTable;
  children: Children;
}

/** What is there of a project, from its directories and the process table. */
export async function observeProject(sight: Sight, project: string): Promise<ObservedProject> {
  const running = await processesOf(sight, project);
  const listed = await directoriesIn(nodesDirectory(sight.state, project));
  // A process whose directory was removed by hand is still there to be ended.
  const services = new Set([...listed, ...running.keys()]);
  const nodes = await Promise.all(
    [...services].toSorted().map((service) => observeNode(sight, project, service, running)),
  );
  const lease = await readLease(sight.state, project);
  return {
    project,
    nodes: nodes.filter((node) => node !== undefined),
    networks: [],
    volumes: await directoriesIn(volumesDirectory(sight.state, project)),
    ...(lease && { lease }),
  };
}

/** The projects that have a node, a volume or a lease. */
export async function listProjects(sight: Sight): Promise<string[]> {
  const names = new Set<string>();
  for (const project of await directoriesIn(clustersDirectory(sight.state))) {
    const nodes = await directoriesIn(nodesDirectory(sight.state, project));
    const volumes = await directoriesIn(volumesDirectory(sight.state, project));
    const hasLease = (await readLease(sight.state, project)) !== undefined;
    if (nodes.length + volumes.length > 0 || hasLease) names.add(project);
  }
  for (const { directory } of await sight.table.nodes()) {
    const node = nodeOfDirectory(sight.state, directory);
    if (node) names.add(node.project);
  }
  return [...names].toSorted();
}

/** The projects that have a directory, and nothing in it that is whole. */
export async function halfMadeProjects(sight: Sight): Promise<string[]> {
  const whole = await listProjects(sight);
  const directories = await directoriesIn(clustersDirectory(sight.state));
  return directories.filter((project) => !whole.includes(project));
}

/** The running nodes of a project, by service. */
async function processesOf(
  { state, table }: Sight,
  project: string,
): Promise<Map<string, NodeProcess>> {
  const processes = new Map<string, NodeProcess>();
  for (const process of await table.nodes()) {
    const node = nodeOfDirectory(state, process.directory);
    if (node?.project === project) processes.set(node.service, process);
  }
  return processes;
}

async function observeNode(
  { state, children }: Sight,
  project: string,
  service: string,
  running: ReadonlyMap<string, NodeProcess>,
): Promise<ObservedNode | undefined> {
  const directory = nodeDirectory(state, project, service);
  const record = await readNode(directory);
  const process = running.get(service);
  const node = { service, ...described(record) };
  if (process) {
    const state = process.frozen ? 'paused' : 'running';
    return { ...node, state, handle: `pid ${process.pid}`, startedAt: process.startedAt };
  }
  // Removed since it was listed.
  if (!record) return undefined;
  const wasStarted = await exists(join(directory, NodeFile.log));
  const exitCode = children.statusOf(directory)?.code;
  return {
    ...node,
    state: wasStarted ? 'exited' : 'created',
    handle: directory,
    ...(exitCode !== undefined && { exitCode }),
  };
}

/** Of what is known no more, the hash is one that no definition has: such a node is replaced. */
function described(
  record: NodeRecord | undefined,
): Pick<ObservedNode, 'image' | 'configHash' | 'labels' | 'definition'> {
  if (!record) return { image: '', configHash: configHash(null), labels: {} };
  const { image, labels, environment, volumes = [], command } = record.definition;
  return {
    image,
    configHash: record.configHash,
    labels,
    definition: { environment, inherited: [], volumes, ...(command && { command }) },
  };
}

async function directoriesIn(directory: string): Promise<string[]> {
  return (await namesIn(directory)).filter(isName);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
