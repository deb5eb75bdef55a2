import type { Finding } from '../cluster/diagnosis.js';
import type { Engine, EngineName } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { KclusterError } from '../errors.js';
import type { Emit } from '../report/events.js';

export type EngineWish = EngineName | 'auto';

/** What an operation works with; everything that reaches outside comes in here. */
export interface OperationContext {
  env: NodeJS.ProcessEnv;
  /** Aborts when the run is to end: Ctrl-C, SIGTERM. */
  signal: AbortSignal;
  emit: Emit;
  engines: {
    select(
      project: string,
      wish: EngineWish,
    ): Promise<{
      engine: Engine;
      reason: string;
      observed: ObservedProject;
      /** Why engines that might have the project were not asked. */
      unasked: readonly KclusterError[];
      /** Another engine that has the project as well. */
      other?: EngineName;
    }>;
    available(): Promise<{
      engines: Engine[];
      unavailable: { name: EngineName; reason: KclusterError }[];
    }>;
    diagnose(name: EngineName): Promise<Finding[]>;
    /** Who holds a port of this machine, in words, if any engine knows. */
    portHolder(port: number): Promise<string | undefined>;
  };
}

/** Which cluster an operation is about. */
export interface ProjectOptions {
  name: string;
  engine: EngineWish;
}

/** An operation that waits for a cluster. */
export interface ClusterOptions extends ProjectOptions {
  /** Seconds. */
  timeout: number;
}
