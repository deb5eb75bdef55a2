import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import type { ProjectOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { assertExists } from '../operations/locked.js';
import { chosenNodes } from '../operations/nodes.js';

interface LogsOptions extends ProjectOptions {
  follow?: boolean;
  tail?: number;
  output?: string;
}

/** `kcluster logs`: the output of some or all nodes, each line with its node's name. */
export async function logs(
  context: CommandContext,
  services: readonly string[],
  flags: Record<string, unknown>,
): Promise<Outcome> {
  const options = flags as unknown as LogsOptions;
  const { engine, observed } = await context.engines.select(options.name, options.engine);
  assertExists(observed);
  const chosen = chosenNodes(observed, services);
  const width = Math.max(...chosen.map((service) => service.length));
  const { follow = false, tail } = options;
  const { signal, writeLine } = context;
  const collected: { service: string; line: string }[] = [];
  const asJson = options.output === 'json' && !follow;
  const print = async (service: string): Promise<void> => {
    const lines = engine.logs(observed.project, service, {
      follow,
      signal,
      ...(tail !== undefined && { tail }),
    });
    for await (const entry of lines) {
      if (asJson) collected.push(entry);
      else if (options.output === 'json') writeLine(JSON.stringify(entry));
      else writeLine(`${service.padEnd(width)} | ${entry.line}`);
    }
  };
  if (follow) await Promise.all(chosen.map(print));
  else for (const service of chosen) await print(service);
  // Following ends with Ctrl-C: that is its use, not a failure.
  return {
    exitCode: ExitCode.ok,
    data: asJson ? { cluster: observed.project, lines: collected } : undefined,
    text: () => '',
  };
}
