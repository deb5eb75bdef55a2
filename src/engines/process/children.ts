import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { ExitStatus } from '../../cluster/engine.js';
import { KclusterError, messageOf } from '../../errors.js';
import { unlessAborted } from '../../system/abort.js';
import { ownerOnly } from '../../system/files.js';

export interface Launch {
  program: string;
  args: readonly string[];
  env: Record<string, string>;
  /** Where it runs. */
  directory: string;
  /** Standard output and standard error are appended to this file. */
  log: string;
}

interface Child {
  process: ChildProcess;
  /** Once it has ended. */
  status?: ExitStatus;
  ended: Promise<ExitStatus>;
}

/** The JVMs that this run of the CLI started: of these, and only these, it can know how they ended. */
export class Children {
  /** By the directory of the node; a later child replaces an earlier one. */
  readonly #children = new Map<string, Child>();

  /**
   * Starts a process that outlives this one, in a session of its own, so that Ctrl-C at the terminal does not reach
   * it. Resolves when the program has been loaded.
   * @throws KclusterError `startFailed` when it cannot be
   */
  async launch({ program, args, env, directory, log }: Launch): Promise<void> {
    const output = await open(log, 'a', ownerOnly.file);
    try {
      const child = spawn(program, args, {
        cwd: directory,
        env,
        detached: true,
        stdio: ['ignore', output.fd, output.fd],
      });
      const entry = watched(child);
      await once(child, 'spawn');
      child.unref();
      this.#children.set(directory, entry);
    } catch (error) {
      throw new KclusterError('startFailed', `cannot run ${program}: ${messageOf(error)}`, {
        cause: error,
      });
    } finally {
      await output.close();
    }
  }

  /** How the last child of the node ended; undefined when it runs, or when this run started none. */
  statusOf(directory: string): ExitStatus | undefined {
    return this.#children.get(directory)?.status;
  }

  /** The pid of the node's last child; undefined when this run started none. */
  pidOf(directory: string): number | undefined {
    return this.#children.get(directory)?.process.pid;
  }

  /**
   * Waits for the end of the node's last child; undefined when this run started none. While someone waits, the
   * child keeps this process from ending, as it does not otherwise.
   * @throws KclusterError `interrupted` when the signal aborts
   */
  async end(directory: string, signal: AbortSignal): Promise<ExitStatus | undefined> {
    const child = this.#children.get(directory);
    if (!child) return undefined;
    child.process.ref();
    try {
      return await unlessAborted(child.ended, signal);
    } finally {
      child.process.unref();
    }
  }
}

function watched(process: ChildProcess): Child {
  const child: Child = {
    process,
    ended: new Promise((resolve) => {
      process.once('exit', (code, signal) => {
        child.status = { ...(code !== null && { code }), ...(signal !== null && { signal }) };
        resolve(child.status);
      });
    }),
  };
  return child;
}
