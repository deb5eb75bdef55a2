import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import type { Shell } from './shells.js';

/** `kcluster completion SHELL`: the script that makes the shell ask kcluster for completions. */
export async function completion(shell: Shell): Promise<Outcome> {
  const { default: tabtab } = await import('@pnpm/tabtab');
  const script = await tabtab.getCompletionScript({
    name: 'kcluster',
    completer: 'kcluster',
    shell,
  });
  return { exitCode: ExitCode.ok, data: { shell, script }, text: () => script.trimEnd() };
}
