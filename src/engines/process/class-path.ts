import { ensureJars } from '../../jars/fetch.js';
import type { JarLock } from '../../jars/lock.js';
import type { Emit } from '../../report/events.js';

interface Context {
  signal: AbortSignal;
  emit: Emit;
}

/** The jars of this run: nodes that start side by side have them verified, or fetched, once. */
export class ClassPaths {
  readonly #env: NodeJS.ProcessEnv;
  /** By version of Kafka. */
  readonly #jars = new Map<string, Promise<string[]>>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** See `ensureJars`. A failure is not kept. */
  async of(lock: JarLock, context: Context): Promise<string[]> {
    const known = this.#jars.get(lock.kafka);
    if (known) return await known;
    const jars = ensureJars(lock, { ...context, env: this.#env });
    this.#jars.set(lock.kafka, jars);
    jars.catch(() => this.#jars.delete(lock.kafka));
    return await jars;
  }
}
