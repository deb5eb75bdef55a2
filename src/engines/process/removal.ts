import { rename } from 'node:fs/promises';
import { codeOf } from '../../errors.js';
import {
  nodeDirectory,
  nodesDirectory,
  projectDirectory,
  volumeDirectory,
  volumesDirectory,
} from './layout.js';
import { draftOf, removeDrafts } from './node-file.js';
import { removeAll, removeEmpty } from './state-files.js';

/** Removes a node whose process has ended; at once, so that a crash leaves no half of it. */
export async function removeNode(state: string, project: string, service: string): Promise<void> {
  const directory = nodeDirectory(state, project, service);
  const draft = draftOf(directory);
  await removeAll(draft);
  try {
    await rename(directory, draft);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  await removeAll(draft);
  await prune(state, project);
}

/** Removes a volume with its data. */
export async function removeVolume(state: string, project: string, key: string): Promise<void> {
  await removeAll(volumeDirectory(state, project, key));
  await prune(state, project);
}

/** Of a project without nodes, volumes and a lease nothing stays. */
export async function prune(state: string, project: string): Promise<void> {
  await removeDrafts(nodesDirectory(state, project));
  await removeEmpty(nodesDirectory(state, project), volumesDirectory(state, project));
  // A lease that was being written by a run which was killed.
  await removeDrafts(projectDirectory(state, project));
  await removeEmpty(projectDirectory(state, project));
}
