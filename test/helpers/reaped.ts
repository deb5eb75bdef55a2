import { execa } from 'execa';
import { expect } from 'vitest';
import { leftovers, type Cli } from './cli.js';

/**
 * Nothing is left of a cluster when its reaper has seen that it is gone. The reaper itself may stay where Docker has
 * leases of other clusters, which it watches as well.
 */
export async function nothingIsLeft(cli: Cli, project: string): Promise<void> {
  const left = async (): Promise<string[]> => {
    const all = await leftovers(cli, project);
    const others = all.filter((each) => !/\/reapers\/docker-|^process .* reaper docker/.test(each));
    return others.length === 0 && (await hasLeases()) ? [] : all;
  };
  await expect.poll(left, { timeout: 60_000 }).toEqual([]);
}

async function hasLeases(): Promise<boolean> {
  const { stdout } = await execa('docker', ['volume', 'ls', '--quiet'], { reject: false });
  return /lease/.test(stdout);
}
