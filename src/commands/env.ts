import { environmentText } from '../connect/environment-text.js';
import type { EnvironmentFormat } from '../connect/names.js';
import { ExitCode } from '../errors.js';
import type { ProjectOptions } from '../operations/context.js';
import { environmentOf } from '../operations/environment.js';
import { assertExists } from '../operations/locked.js';
import { assertInReach } from '../operations/reach.js';
import type { Outcome } from '../report/outcome.js';
import type { ClientPlace } from '../topology/topology.js';
import type { CommandContext } from './context.js';

interface EnvOptions extends ProjectOptions {
  from: ClientPlace;
}

/** `kcluster env`: the variables of a cluster as lines that set them; for a shell to read, so that nothing else is said. */
export async function env(
  { engines }: CommandContext,
  operands: readonly string[],
  flags: Record<string, unknown>,
): Promise<Outcome> {
  const { name, engine: wish, from } = flags as unknown as EnvOptions;
  const [format = 'sh'] = operands as EnvironmentFormat[];
  const { engine, observed } = await engines.select(name, wish);
  assertExists(observed);
  assertInReach(engine, observed);
  const variables = environmentOf(engine.name, observed, from);
  const text = environmentText[format](variables);
  return {
    exitCode: ExitCode.ok,
    data: { cluster: observed.project, engine: engine.name, from, variables },
    text: () => text,
  };
}
