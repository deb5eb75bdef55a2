import { ensureJars } from '../../jars/fetch.js';
import type { ClassPath } from '../../jars/lock.js';
import type { Emit } from '../../report/events.js';

interface Context {
  signal: AbortSignal;
  emit: Emit;
}

/** The jars of this run: nodes that start side by side have them verified, or fetched, once. */
export class ClassPaths {
  readonly #env: NodeJS.ProcessEnv;
  /** By name of the class path. */
  readonly #jars = new Map<string, Promise<string[]>>();
  /** One class path after the other: what two have in common is fetched once. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** See `ensureJars`. A failure is not kept. */
  async of(classPath: ClassPath, context: Context): Promise<string[]> {
    const { name } = classPath;
    const known = this.#jars.get(name);
    if (known) return await known;
    const jars = this.#last.then(() => ensureJars(classPath, { ...context, env: this.#env }));
    this.#jars.set(name, jars);
    this.#last = jars.catch(() => this.#jars.delete(name));
    return await jars;
  }
}
