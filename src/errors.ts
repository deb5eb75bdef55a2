/** The exit codes of the CLI, by what the run found out. */
export const ExitCode = {
  ok: 0,
  finding: 1,
  usage: 2,
  invalidSpec: 3,
  noEngine: 4,
  conflict: 5,
  startFailed: 6,
  notReady: 7,
  bug: 70,
  /** As a shell has it (POSIX, 2.8.2 Exit Status for Commands). */
  commandNotExecutable: 126,
  commandNotFound: 127,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The class of a failure; each class has one exit code. */
export type FailureKind = Exclude<keyof typeof ExitCode, 'ok' | 'finding'>;

/**
 * A failure that the user can act on: one line that names the thing, and hints with what to do next.
 * Anything else that is thrown is a bug of kcluster and is reported as one.
 */
export class KclusterError extends Error {
  readonly kind: FailureKind;
  readonly hints: readonly string[];
  /** More lines to show below the message: all problems of a spec, the last log lines of a node. */
  readonly details: readonly string[];

  constructor(
    kind: FailureKind,
    message: string,
    options: { hints?: readonly string[]; details?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KclusterError';
    this.kind = kind;
    this.hints = options.hints ?? [];
    this.details = options.details ?? [];
  }

  get exitCode(): ExitCode {
    return ExitCode[this.kind];
  }
}

/** The failure of a run that the user, or the system by SIGTERM, ended. */
export function interrupted(): KclusterError {
  return new KclusterError('interrupted', 'interrupted');
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node.js system error (`ENOENT`, `EACCES`, ...), if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
