import { buildProgram } from './program.js';
import { propose } from './complete.js';

/** Answers the shell's completion script, which tells the line in its environment (COMP_LINE and others). */
export async function serveCompletion(version: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { default: tabtab } = await import('@pnpm/tabtab');
  const { partial, lastPartial } = tabtab.parseEnv(env);
  const words = partial.split(' ').filter((word) => word !== '');
  const before = words.slice(1, lastPartial === '' ? undefined : -1);
  const program = buildProgram(version, env, async () => await Promise.resolve());
  tabtab.log(propose(program, before, lastPartial), tabtab.getShellFromEnv(env));
}
