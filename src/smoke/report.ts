import { failureText, isRetriable } from '../clients/failures.js';
import { interrupted } from '../errors.js';
import type { Emit } from '../report/events.js';
import { pause } from '../system/abort.js';

/** How one check came out. A failed check is a result, not an exception. */
export interface Check {
  name: string;
  ok: boolean;
  ms: number;
  /** What had to be so. */
  expected: string;
  /** What was so. */
  seen: string;
}

export interface SmokeReport {
  cluster: string;
  ok: boolean;
  checks: Check[];
}

/** What a check expects, and how it finds out what is so; `ok` when both are the same text. */
export interface CheckBody {
  expected: string;
  see: () => Promise<string>;
}

/** How long a cluster may take for what it does after a moment: more than a busy machine makes of that. */
export const patienceMs = 30_000;

const pauseMs = 20;

/**
 * Looks again and again until it sees what is expected, for what spreads over the brokers after a moment.
 * @throws KclusterError `interrupted` when the signal aborts, after the look under way; what `answerOf` throws
 */
export async function seeUntil(
  expected: string,
  signal: AbortSignal,
  look: () => Promise<string>,
): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const seen = await answerOf(signal, look);
    if (seen === expected || performance.now() > deadline) return seen;
    await pause(pauseMs, signal);
  }
}

/**
 * Asks again where there was no answer, or one that Kafka tells to ask again.
 * @throws KclusterError `interrupted` when the signal aborts, after the request under way; what Kafka refuses, and at
 * the end of patience the last failure
 */
export async function answerOf<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isRetriable(error) || performance.now() > deadline) throw error;
    }
    await pause(pauseMs, signal);
  }
}

/** Runs checks and keeps how each came out, in the order in which they began. */
export class CheckList {
  readonly #places: (Check | undefined)[] = [];
  readonly #emit: Emit;
  readonly #signal: AbortSignal;

  constructor({ emit, signal }: { emit: Emit; signal: AbortSignal }) {
    this.#emit = emit;
    this.#signal = signal;
  }

  /**
   * Runs one check; resolves to whether it held. What its body throws is what was seen.
   * @throws KclusterError `interrupted` when the signal aborts: what a check then sees tells nothing of the cluster
   */
  async run(name: string, { expected, see }: CheckBody): Promise<boolean> {
    const begin = performance.now();
    const place = this.#places.push(undefined) - 1;
    this.#emit({ type: 'check-started', name });
    const seen = await see().catch((error: unknown) => `error: ${failureText(error)}`);
    if (this.#signal.aborted) throw interrupted();
    const check = { name, ok: seen === expected, ms: performance.now() - begin, expected, seen };
    this.#add(check, place);
    return check.ok;
  }

  /** Records a check that could not be tried. */
  skip(name: string, expected: string, reason: string): void {
    const seen = `not tried: ${reason}`;
    this.#add({ name, ok: false, ms: 0, expected, seen }, this.#places.length);
  }

  /** Those that have come out. */
  get checks(): Check[] {
    return this.#places.filter((check) => check !== undefined);
  }

  #add(check: Check, place: number): void {
    this.#places[place] = check;
    const detail = check.ok ? check.seen : `expected ${check.expected}; saw ${check.seen}`;
    this.#emit({ type: 'check', name: check.name, ok: check.ok, ms: check.ms, detail });
  }
}
