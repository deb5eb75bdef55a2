import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';

/** A process, and the machine that can tell whether it runs. */
export interface MachineProcess extends ProcessIdentity {
  /** See `thisMachine`. */
  machine: string;
}

/**
 * Tells whether pids of two processes mean the same: one boot of one kernel and, in Linux, one pid namespace, which a
 * container has for itself.
 */
function thisMachine(): string {
  if (process.platform !== 'linux') return hostname();
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
}

/** A process of this machine by its pid; undefined when there is none. */
export function processHere(pid: number): MachineProcess | undefined {
  const identity = identityOf(pid);
  return identity && { machine: thisMachine(), ...identity };
}

/** Whether a process runs, as far as this machine can tell. */
export function stateOf(process: MachineProcess): 'runs' | 'ended' | 'elsewhere' {
  if (process.machine !== thisMachine()) return 'elsewhere';
  return isAlive(process) ? 'runs' : 'ended';
}
