import { ExitCode, KclusterError } from '../errors.js';
import type { Outcome } from '../report/outcome.js';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `kcluster completion SHELL`: the script that makes the shell ask kcluster for completions. */
export async function completion(shell: string): Promise<Outcome> {
  const known = shells.find((each) => each === shell);
  if (!known) {
    throw new KclusterError('usage', `there is no completion for "${shell}"`, {
      hints: [`Shells are ${shells.join(', ')}.`],
    });
  }
  const { default: tabtab } = await import('@pnpm/tabtab');
  const script = await tabtab.getCompletionScript({
    name: 'kcluster',
    completer: 'kcluster',
    shell: known,
  });
  return { exitCode: ExitCode.ok, data: { shell, script }, text: () => script.trimEnd() };
}
