import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import type { ProjectOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { designCluster, type DesignOptions } from '../operations/design.js';

/** `kcluster render`: prints the compose file of a cluster; asks no engine and starts nothing. */
export async function render(
  context: CommandContext,
  options: ProjectOptions & DesignOptions,
): Promise<Outcome> {
  const design = await designCluster(options, {
    engine: { name: options.engine === 'process' ? 'process' : 'docker' },
    observed: { project: options.name, nodes: [], networks: [], volumes: [] },
  });
  await design.release();
  const { text, document } = design.rendered;
  return { exitCode: ExitCode.ok, data: document, text: () => text.trimEnd() };
}
