import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { smokeText } from '../report/smoke-text.js';
import { smoke as prove } from '../smoke/smoke.js';
import { recoverTopology } from '../topology/recover.js';
import type { ProjectOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { assertExists } from '../operations/locked.js';

/** `kcluster smoke`: proves that a cluster works; exit 1 when a check fails. */
export async function smoke(context: CommandContext, options: ProjectOptions): Promise<Outcome> {
  const { engine, observed } = await context.engines.select(options.name, options.engine);
  assertExists(observed);
  const report = await prove({ ...context, engine, topology: recoverTopology(observed) });
  return {
    exitCode: report.ok ? ExitCode.ok : ExitCode.finding,
    data: report,
    text: (style) => smokeText(report, style),
  };
}
