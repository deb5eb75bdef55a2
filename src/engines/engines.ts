import type { Finding } from '../cluster/diagnosis.js';
import type { Engine, EngineName } from '../cluster/engine.js';
import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import { KclusterError, messageOf } from '../errors.js';
import { assertName } from '../spec/name.js';

/** An engine, why it was taken, and what it has of the project. */
export interface Selection {
  engine: Engine;
  reason: string;
  observed: ObservedProject;
  /** Why engines that might have the project were not asked. */
  unasked: readonly KclusterError[];
  /** Another engine that has the project, when the wished one was taken. */
  other?: EngineName;
}

/** The engines of this machine: those that answer, and why the others do not. */
export interface Availability {
  engines: Engine[];
  unavailable: { name: EngineName; reason: KclusterError }[];
}

/** Finds engines; the one place that knows which there are. Connects each once. */
export class Engines {
  readonly #env: NodeJS.ProcessEnv;
  readonly #connections = new Map<EngineName, Promise<Engine>>();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** @throws KclusterError `noEngine` when it does not answer */
  async connect(name: EngineName): Promise<Engine> {
    let connection = this.#connections.get(name);
    if (!connection) {
      connection = connectors[name](this.#env);
      this.#connections.set(name, connection);
      // The next one who asks may find that it answers.
      connection.catch(() => this.#connections.delete(name));
    }
    return await connection;
  }

  async available(): Promise<Availability> {
    const result: Availability = { engines: [], unavailable: [] };
    const names = Object.keys(connectors) as EngineName[];
    const settled = await Promise.allSettled(names.map((name) => this.connect(name)));
    for (const [index, outcome] of settled.entries()) {
      if (outcome.status === 'fulfilled') result.engines.push(outcome.value);
      else if (!(outcome.reason instanceof KclusterError)) throw outcome.reason;
      else result.unavailable.push({ name: names[index]!, reason: outcome.reason });
    }
    return result;
  }

  /**
   * The engine for a project: the one that is wished; else the one that has the project; else Docker when a daemon
   * answers, else local processes.
   * @throws KclusterError `noEngine` when the wished engine does not answer
   */
  async select(project: string, wish: EngineName | 'auto'): Promise<Selection> {
    assertName(project);
    const [wished, { engines, unavailable }] = await Promise.all([
      wish === 'auto' ? undefined : this.connect(wish),
      this.available(),
    ]);
    const all = await Promise.all(
      engines.map(async (engine) => await look(engine, project, wished)),
    );
    const held = all.filter((each) => each !== undefined);
    const unasked = unavailable.map(({ reason }) => reason);
    const holder = held.find(({ observed }) => !isAbsent(observed));
    if (wished) {
      const own = held.find(({ engine }) => engine === wished)!;
      const other = holder && holder !== own ? { other: holder.engine.name } : {};
      return { ...own, ...other, reason: 'as asked for', unasked: [] };
    }
    if (holder) return { ...holder, reason: `cluster "${project}" is there`, unasked };
    const docker = held.find(({ engine }) => engine.name === 'docker');
    if (docker) return { ...docker, reason: 'a Docker daemon answers', unasked };
    const [first] = unasked;
    const [last] = held;
    if (!last) throw first!;
    return { ...last, reason: messageOf(first), unasked };
  }

  async portHolder(port: number): Promise<string | undefined> {
    const { engines } = await this.available();
    for (const engine of engines.filter(({ elsewhere }) => !elsewhere)) {
      const holder = await engine.portHolder(port);
      if (holder !== undefined) return holder;
    }
    return undefined;
  }

  async diagnose(name: EngineName): Promise<Finding[]> {
    return await diagnosticians[name](this.#env);
  }

  async close(): Promise<void> {
    const settled = await Promise.allSettled(this.#connections.values());
    await Promise.all(
      settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value.close()] : [])),
    );
  }
}

/** What an engine has of the project; undefined where one that is not wished fails to tell. */
async function look(
  engine: Engine,
  project: string,
  wished: Engine | undefined,
): Promise<{ engine: Engine; observed: ObservedProject } | undefined> {
  try {
    return { engine, observed: await engine.observe(project) };
  } catch (error) {
    if (wished && engine !== wished && error instanceof KclusterError) return undefined;
    throw error;
  }
}

const connectors: Record<EngineName, (env: NodeJS.ProcessEnv) => Promise<Engine>> = {
  docker: async (env) => (await import('./docker/connect.js')).connectDocker(env),
  process: async (env) => (await import('./process/connect.js')).connectProcessEngine(env),
};

const diagnosticians: Record<EngineName, (env: NodeJS.ProcessEnv) => Promise<Finding[]>> = {
  docker: async (env) => (await import('./docker/diagnose.js')).diagnoseDocker(env),
  process: async (env) => (await import('./process/diagnose.js')).diagnoseProcesses(env),
};
