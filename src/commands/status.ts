import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { healthText } from '../report/health-text.js';
import type { ProjectOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { assertExists } from '../operations/locked.js';
import { assertInReach } from '../operations/reach.js';
import { statusOf } from '../operations/status.js';

/** `kcluster status`: what is there and whether it works; exit 1 when it does not. */
export async function status(context: CommandContext, options: ProjectOptions): Promise<Outcome> {
  const { engine, observed } = await context.engines.select(options.name, options.engine);
  assertExists(observed);
  assertInReach(engine, observed);
  const data = await statusOf(engine, observed);
  return {
    exitCode: data.healthy ? ExitCode.ok : ExitCode.finding,
    data,
    text: (style) => healthText(data, style),
  };
}
