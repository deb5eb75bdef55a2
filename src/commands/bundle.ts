import { ExitCode } from '../errors.js';
import { makeBundle } from '../operations/bundle.js';
import type { ProjectOptions } from '../operations/context.js';
import { assertExists } from '../operations/locked.js';
import type { Outcome } from '../report/outcome.js';
import type { CommandContext } from './context.js';

interface BundleOptions extends ProjectOptions {
  directory: string;
}

/** `kcluster bundle`: writes what tells of a cluster, in whatever state, into one file, and prints its path. */
export async function bundle(context: CommandContext, options: BundleOptions): Promise<Outcome> {
  const { name, engine: wish, directory } = options;
  const { engine, observed } = await context.engines.select(name, wish);
  assertExists(observed);
  const { path, problems } = await makeBundle(context, { engine, observed, directory, name });
  for (const problem of problems)
    context.emit({ type: 'warning', message: `not in the bundle: ${problem}` });
  return { exitCode: ExitCode.ok, data: { path, problems }, text: () => path };
}
