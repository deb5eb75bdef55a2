import type { Command, CommandEnd, CommandOutput } from '../children/command.js';
import type { OwnOptions } from '../operations/own.js';
import type { OutputMode } from '../report/output.js';
import type { CommandContext } from './context.js';

/** The flags of `kcluster run`. */
export interface RunOptions extends OwnOptions {
  keepOnFailure?: boolean;
  /** Where the bundle of a failure goes; false for none. */
  bundle?: string | false;
  matrix?: readonly string[];
  jobs?: number;
  failFast?: boolean;
  junit?: string;
  output: OutputMode;
}

/** A command that is to be run on a cluster of its own. */
export interface OwnRun {
  command: readonly string[];
  /** For its environment, beside those of the cluster. */
  variables?: Readonly<Record<string, string>>;
  divert: Command['divert'];
  output?: CommandOutput;
  /** Called when the cluster is there, with how long it took in milliseconds. */
  started?: (ms: number) => void;
  /** Called with the path of the bundle of a failure. */
  tellBundle: (path: string) => void;
}

/** `ms`: how long the command took. */
export interface OwnRunEnd extends CommandEnd {
  ms: number;
}

/**
 * Makes a cluster, runs the command on it and removes it.
 * @throws KclusterError as `raiseOwn`
 */
export type RunOwn = (
  context: CommandContext,
  options: RunOptions,
  run: OwnRun,
) => Promise<OwnRunEnd>;
