import { messageOf } from '../errors.js';

/** The types that kafkajs gives Kafka's errors (`NOT_CONTROLLER`, ...), of a failure and of what caused it. */
export function causeTypes(error: unknown): string[] {
  const types: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause)
    if ('type' in at && typeof at.type === 'string') types.push(at.type);
  return types;
}

/**
 * Whether a request that failed may be repeated, as with Kafka's RetriableException: no broker has refused it. kafkajs
 * says so of each failure but of one with several parts, and of its own giving up.
 */
export function isRetriable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const parts = partsOf(error);
  if (parts.length > 0) return parts.every(isRetriable);
  return ('retriable' in error && error.retriable === true) || isRetriable(error.cause);
}

/** The message of a failure; of one with several parts ("Topic creation errors") with theirs. */
export function failureText(error: unknown): string {
  const parts = partsOf(error).map(failureText);
  return parts.length === 0 ? messageOf(error) : `${messageOf(error)}: ${parts.join(', ')}`;
}

/** What kafkajs keeps of one request about several things. */
function partsOf(error: unknown): unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  if ('errors' in error && Array.isArray(error.errors)) return error.errors;
  if (!('groups' in error) || !Array.isArray(error.groups)) return [];
  return error.groups.map((group: { error?: unknown }) => group.error);
}
