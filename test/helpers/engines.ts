import { describe } from 'vitest';
import type { EngineName } from '../../src/cluster/engine.js';
import { canRun, runsLong } from './require.js';

/** How a test starts a cluster of an engine with what is on this machine: no registry is asked. */
export const upFlags: Record<EngineName, readonly string[]> = {
  docker: ['--images', 'local'],
  process: [],
};

/**
 * Declares the same tests for every engine; those of an engine that can't run here are skipped, loudly.
 * @param long on which engines they run only where there is time for it
 */
export async function describeEngines(
  title: string,
  declare: (engine: EngineName) => void,
  { long = [] }: { long?: readonly EngineName[] } = {},
): Promise<void> {
  for (const engine of ['process', 'docker'] as const) {
    const isWished = !long.includes(engine) || runsLong(`${title} (${engine})`);
    const runs = isWished && (await canRun(engine));
    describe.skipIf(!runs)(`${title} (${engine})`, () => declare(engine));
  }
}

/** Any image with a Java, for images that tests build: they pull nothing. */
export const testBase = process.env['KCLUSTER_TEST_BASE'] ?? 'kcluster-test/base:bookworm';

/** A project name that no other test uses. */
export function projectName(hint: string): string {
  return `kct-${hint}-${process.pid.toString(36)}${(counter++).toString(36)}`;
}

let counter = 0;
