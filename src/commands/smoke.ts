import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { smokeText } from '../report/smoke-text.js';
import { smokeSummary } from '../report/summary.js';
import type { ProjectOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { assertExists } from '../operations/locked.js';
import { assertInReach } from '../operations/reach.js';
import { proofOf } from '../operations/proof.js';
import { withJunit } from './smoke-junit.js';

interface SmokeOptions extends ProjectOptions {
  junit?: string;
}

/** `kcluster smoke`: proves that a cluster works; exit 1 when a check fails. */
export async function smoke(context: CommandContext, options: SmokeOptions): Promise<Outcome> {
  const { smoke: report } = await withJunit(options.junit, options.name, async () => {
    const { engine, observed } = await context.engines.select(options.name, options.engine);
    assertExists(observed);
    assertInReach(engine, observed);
    return { smoke: await proofOf(context, engine, observed) };
  });
  return {
    exitCode: report.ok ? ExitCode.ok : ExitCode.finding,
    data: report,
    text: (style) => smokeText(report, style),
    summary: () => smokeSummary(report),
  };
}
