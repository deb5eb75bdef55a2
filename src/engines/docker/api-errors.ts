import { codeOf, KclusterError, messageOf } from '../../errors.js';

/** An answer of the Docker API that is not a success, as docker-modem throws it. */
export interface ApiError extends Error {
  statusCode: number;
  json?: unknown;
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && typeof (error as Partial<ApiError>).statusCode === 'number';
}

/** The HTTP status that Docker answered with, if it was an answer. */
export function statusOf(error: unknown): number | undefined {
  return isApiError(error) ? error.statusCode : undefined;
}

/** What Docker itself said, on one line, without docker-modem's words around it. */
export function reasonOf(error: unknown): string {
  const said = isApiError(error)
    ? (error.json as { message?: unknown } | null)?.message
    : undefined;
  const text =
    typeof said === 'string' ? said : messageOf(error).replace(/^\(HTTP code \d+\) .*? - /s, '');
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/**
 * Waits for a request whose failure with one of these statuses means that what it asks for is so already:
 * 304 for one that is started or stopped, 404 for one that is gone.
 */
export async function unless(
  statuses: readonly number[],
  request: Promise<unknown>,
): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}

/** The answer, or undefined when Docker knows no such thing (404). */
export async function found<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

const lostCodes = ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'EACCES'];

/**
 * A failure of Docker as one that the user can act on; `what` ends the phrase "Docker could not".
 * Other things than failures of Docker come back as they are.
 */
export function dockerFailure(error: unknown, what: string): unknown {
  if (error instanceof KclusterError) return error;
  if (isApiError(error)) {
    const reason = reasonOf(error);
    if (isDiskFull(reason)) return diskFull(what, error);
    return new KclusterError('startFailed', `Docker could not ${what}: ${reason}`, {
      cause: error,
    });
  }
  if (lostCodes.includes(codeOf(error) ?? ''))
    return new KclusterError('noEngine', `Docker stopped answering: ${messageOf(error)}`, {
      hints: ['See whether it runs with `docker version`, and do the command again.'],
      cause: error,
    });
  return error;
}

export function isDiskFull(reason: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(reason);
}

export function diskFull(what: string, cause: unknown): KclusterError {
  return new KclusterError('startFailed', `Docker could not ${what}: its disk is full`, {
    hints: [
      'See what takes the space with `docker system df`; free some with `docker system prune`.',
    ],
    cause,
  });
}
