import module from 'node:module';
import { join } from 'node:path';
import { cacheDirectory } from './directories.js';

/** Node.js has it since 22.1, which is newer than the oldest that will do. */
const { enableCompileCache } = module as {
  enableCompileCache?: (directory: string) => unknown;
};

/** Keeps the compiled code of what is loaded from now on, for the runs to come; it may be removed at any time. */
export function keepCompiledCode(env: NodeJS.ProcessEnv): void {
  if (!enableCompileCache) return;
  try {
    enableCompileCache(join(cacheDirectory(env), 'compiled'));
  } catch {
    // Without a place for it, everything goes a little slower; who needs the place says what is wrong.
  }
}
