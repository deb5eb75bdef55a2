import { KclusterError, messageOf, type FailureKind } from '../errors.js';

/** What a cell of a matrix came to. Times are in milliseconds. */
export type CellResult = {
  /** `kafka=3.5 brokers=3`. */
  cell: string;
  /** The same as a map: what the command has in its environment. */
  values: Readonly<Record<string, string>>;
  /** The name that its cluster had, or would have had. */
  cluster: string;
  /** How long the cluster took to start, where it did. */
  startMs?: number;
  /** How long the command took, where it ran. */
  commandMs?: number;
  /** The path of the bundle that tells of the failure, where one was made. */
  bundle?: string;
} & (
  | { result: 'passed' | 'failed'; exitCode: number }
  /** kcluster could not do its part. */
  | { result: 'error'; error: CellError }
  /** It was not begun, or interrupted; the exit code is there when its command was. */
  | { result: 'cancelled'; exitCode?: number }
);

/** A failure of kcluster, as `--output json` tells it. */
export interface CellError {
  kind: FailureKind;
  message: string;
  details: readonly string[];
  hints: readonly string[];
}

/** `failed with 3`, `could not start: port 9092 is taken`. */
export function resultWords(result: CellResult): string {
  switch (result.result) {
    case 'passed':
      return 'passed';
    case 'failed':
      return `failed with ${result.exitCode}`;
    case 'error': {
      const what = result.startMs === undefined ? 'could not start' : 'broke off';
      return `${what}: ${result.error.message}`;
    }
    case 'cancelled':
      return 'cancelled';
  }
}

/** Anything that was thrown, as data. */
export function cellError(thrown: unknown): CellError {
  const message = messageOf(thrown);
  if (thrown instanceof KclusterError) {
    const { kind, details, hints } = thrown;
    return { kind, message, details, hints };
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return { kind: 'bug', message, details: stack.split('\n').slice(1), hints: [] };
}
