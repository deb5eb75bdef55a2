import { readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { configHash } from '../../compose/hash.js';
import type { ComposeService } from '../../compose/document.js';
import { codeOf, KclusterError } from '../../errors.js';
import { NodeFile } from './layout.js';
import { namesIn, writeWhole } from '../../system/files.js';
import { makeDirectory, removeAll } from './state-files.js';

/** What `node.json` holds: the definition that the node was created from, never what becomes of it. */
export interface NodeRecord {
  service: string;
  /** See `configHash`. */
  configHash: string;
  definition: ComposeService;
}

/** Undefined when there is no such node. */
export async function readNode(directory: string): Promise<NodeRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, NodeFile.definition), 'utf8')) as NodeRecord;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Makes the node's directory with its record, at once: it is there whole or not at all.
 * @throws KclusterError `conflict` when the node is there with another definition
 */
export async function createNode(
  directory: string,
  service: string,
  definition: ComposeService,
): Promise<void> {
  const record: NodeRecord = { service, configHash: configHash(definition), definition };
  const existing = await readNode(directory);
  if (existing?.configHash === record.configHash) return;
  if (existing) throw differs(service);
  const draft = draftOf(directory);
  await removeAll(draft);
  await makeDirectory(draft);
  await writeWhole(join(draft, NodeFile.definition), `${JSON.stringify(record, null, 2)}\n`);
  await rename(draft, directory);
}

/** Where a node's directory is while it is made or removed. */
export function draftOf(directory: string): string {
  return join(dirname(directory), `.${basename(directory)}`);
}

/** Removes what a crash during the making or removal of a node left, if no node is there. */
export async function removeDrafts(nodes: string): Promise<void> {
  const names = await namesIn(nodes);
  if (names.every((name) => name.startsWith('.'))) await removeAll(nodes);
}

function differs(service: string): KclusterError {
  return new KclusterError('conflict', `${service} is there with another definition`, {
    hints: ['Run `kcluster up` again: it replaces what has changed.'],
  });
}
