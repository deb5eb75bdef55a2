import type { KafkaAccess } from '../clients/access.js';
import { KclusterError } from '../errors.js';
import type { Emit } from '../report/events.js';
import { pause } from '../system/abort.js';

export interface TopicsContext extends KafkaAccess {
  /** When to give up, by `performance.now()`. */
  deadline: number;
  signal: AbortSignal;
  emit: Emit;
}

const firstPauseMs = 20;
const longestPauseMs = 500;

/**
 * Looks again and again until nothing is lacking any more.
 * @param failure what to say when the deadline passes before
 * @throws KclusterError `notReady` at the deadline, with what is still lacking; `interrupted` when the signal aborts
 */
export async function untilNothingLacks(
  failure: string,
  { deadline, signal }: Pick<TopicsContext, 'deadline' | 'signal'>,
  look: () => Promise<readonly string[]>,
): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    const lacks = await look();
    if (lacks.length === 0) return;
    if (performance.now() > deadline)
      throw new KclusterError('notReady', failure, {
        details: lacks,
        hints: ['Give it longer with `--timeout SECONDS`.'],
      });
    await pause(pauseMs, signal);
  }
}

const shownPhrases = 5;

/** The first few of many phrases, and how many more there are. */
export function firstFew(phrases: readonly string[]): string[] {
  if (phrases.length <= shownPhrases) return [...phrases];
  return [...phrases.slice(0, shownPhrases), `and ${phrases.length - shownPhrases} more`];
}
