import type { Engine } from '../../cluster/engine.js';
import { KclusterError } from '../../errors.js';
import { stateDirectory } from '../../system/directories.js';
import { findJava } from './java.js';
import { ProcessEngine } from './process-engine.js';
import { processTable } from './process-table.js';
import { canonicalPath } from './state-files.js';

/**
 * The engine of local processes. It is there without Java too, to see and to end what runs; a start then says what
 * is missing, and so does `findJava`.
 * @throws KclusterError `noEngine` on a system without POSIX processes
 */
export async function connectProcessEngine(env: NodeJS.ProcessEnv): Promise<Engine> {
  if (process.platform === 'win32') {
    throw new KclusterError('noEngine', 'local processes need Linux or macOS', {
      hints: ['Use Docker, or run kcluster in the Windows Subsystem for Linux.'],
    });
  }
  return new ProcessEngine({
    description: await describe(env),
    env,
    state: await canonicalPath(stateDirectory(env)),
    table: processTable(process.platform),
  });
}

async function describe(env: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { version, home } = await findJava(env);
    return `Java ${version} at ${home}`;
  } catch (error) {
    if (error instanceof KclusterError) return 'local processes, but no Java to start them';
    throw error;
  }
}
