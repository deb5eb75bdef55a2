import { randomInt, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../errors.js';
import { namesIn } from './files.js';
import { isPortFree } from './ports.js';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.js';

/**
 * Below every system's range of ephemeral ports (Linux from 32768, macOS and IANA from 49152): no outgoing
 * connection takes a port of these between the moment it is chosen and the moment a node listens on it.
 */
const first = 20_000;
const last = 32_000;

export interface Reservation {
  ports: number[];
  /** Gives the ports back to other runs; nodes listen on them by then, or never will. */
  release: () => Promise<void>;
}

/**
 * Chooses ports that are free, different from those that other runs on this machine have chosen and not yet taken. A
 * reservation is a file named by the port that tells whose it is; one of a dead run counts for nothing.
 * @param isFree of a port; on the loopback interface of this machine when it is left out
 */
export async function reservePorts(
  count: number,
  directory: string,
  isFree: (port: number) => Promise<boolean> = isPortFree,
): Promise<Reservation> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await forgetDeadReservations(directory);
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(first, last);
    if (!(await reserve(port, directory))) continue;
    if (await isFree(port)) ports.push(port);
    else await rm(join(directory, String(port)), { force: true });
  }
  return {
    ports,
    release: async () => {
      await Promise.all(ports.map((port) => rm(join(directory, String(port)), { force: true })));
    },
  };
}

/** Makes the port's file in one step with its content, so that nobody reads it empty. */
async function reserve(port: number, directory: string): Promise<boolean> {
  const mine = join(directory, `.${randomUUID()}`);
  await writeFile(mine, JSON.stringify(ownIdentity()), { mode: 0o600 });
  try {
    await link(mine, join(directory, String(port)));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(mine, { force: true });
  }
}

/** Removes the reservations of runs that were killed. */
export async function forgetDeadReservations(directory: string): Promise<void> {
  for (const name of await namesIn(directory)) {
    const path = join(directory, name);
    const owner = await readOwner(path);
    if (owner && !isAlive(owner)) await rm(path, { force: true });
  }
}

/** Undefined for a file that its run has taken away, or is still writing. */
async function readOwner(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
