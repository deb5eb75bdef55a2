import { ExitCode } from '../errors.js';
import { probeHealth } from '../readiness/health.js';
import type { Outcome } from '../report/outcome.js';
import { healthText } from '../report/health-text.js';
import { recoverTopology } from '../topology/recover.js';
import { describeCluster } from '../operations/addresses.js';
import type { ProjectOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { assertExists } from '../operations/locked.js';

/** `kcluster status`: what is there and whether it works; exit 1 when it does not. */
export async function status(context: CommandContext, options: ProjectOptions): Promise<Outcome> {
  const { engine, observed } = await context.engines.select(options.name, options.engine);
  assertExists(observed);
  const topology = recoverTopology(observed);
  const health = await probeHealth(engine, topology, observed);
  // The nodes of the health tell more.
  const data = { ...describeCluster(engine.name, topology, observed.lease), ...health };
  return {
    exitCode: health.healthy ? ExitCode.ok : ExitCode.finding,
    data,
    text: (style) => healthText(data, style),
  };
}
