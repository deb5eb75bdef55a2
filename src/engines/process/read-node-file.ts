import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from '../../errors.js';
import { nodeDirectory, volumeDirectory } from './layout.js';
import { readNode } from './node-file.js';
import { pathOfNode } from './node-setup.js';

/** A file as the node would see it; undefined when there is no such file, or no such node. */
export async function readNodeFile(
  state: string,
  project: string,
  service: string,
  path: string,
): Promise<Buffer | undefined> {
  const directory = nodeDirectory(state, project, service);
  const record = await readNode(directory);
  if (!record) return undefined;
  const here = pathOfNode(path, directory, record.definition, (key) =>
    volumeDirectory(state, project, key),
  );
  try {
    return await readFile(resolve(directory, here));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}
