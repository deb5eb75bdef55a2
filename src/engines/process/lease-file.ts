import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseLease, type Lease } from '../../cluster/lease.js';
import { codeOf } from '../../errors.js';
import { clustersDirectory, isName, leaseFile } from './layout.js';
import { prune } from './removal.js';
import { namesIn, writeWhole } from '../../system/files.js';
import { makeDirectory, removeAll } from './state-files.js';

export async function grantLease(state: string, project: string, lease: Lease): Promise<void> {
  const file = leaseFile(state, project);
  await makeDirectory(dirname(file));
  await writeWhole(file, JSON.stringify(lease));
}

export async function endLease(state: string, project: string): Promise<void> {
  await removeAll(leaseFile(state, project));
  await prune(state, project);
}

export async function readLease(state: string, project: string): Promise<Lease | undefined> {
  try {
    return parseLease(await readFile(leaseFile(state, project), 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** Every lease of this state directory, by project. */
export async function allLeases(state: string): Promise<Map<string, Lease>> {
  const leases = new Map<string, Lease>();
  for (const project of (await namesIn(clustersDirectory(state))).filter(isName)) {
    const lease = await readLease(state, project);
    if (lease) leases.set(project, lease);
  }
  return leases;
}
