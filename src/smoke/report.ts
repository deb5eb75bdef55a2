import { setTimeout as sleep } from 'node:timers/promises';
import type { Emit } from '../report/events.js';
import { messageOf } from '../errors.js';

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

/** Looks again and again until it sees what is expected, for what spreads over the brokers after a moment. */
export async function seeUntil(
  expected: string,
  patienceMs: number,
  look: () => Promise<string>,
): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (seen === expected || performance.now() > deadline) return seen;
    await sleep(50);
  }
}

/** Runs checks one after the other and keeps how each came out. */
export class CheckList {
  readonly checks: Check[] = [];
  readonly #emit: Emit;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Runs one check; resolves to whether it held. What its body throws is what was seen. */
  async run(name: string, { expected, see }: CheckBody): Promise<boolean> {
    const begin = performance.now();
    this.#emit({ type: 'check-started', name });
    const seen = await see().catch((error: unknown) => `error: ${messageOf(error)}`);
    const check = { name, ok: seen === expected, ms: performance.now() - begin, expected, seen };
    this.#add(check);
    return check.ok;
  }

  /** Records a check that could not be tried. */
  skip(name: string, expected: string, reason: string): void {
    this.#add({ name, ok: false, ms: 0, expected, seen: `not tried: ${reason}` });
  }

  get ok(): boolean {
    return this.checks.every((check) => check.ok);
  }

  #add(check: Check): void {
    this.checks.push(check);
    const detail = check.ok ? check.seen : `expected ${check.expected}; saw ${check.seen}`;
    this.#emit({ type: 'check', name: check.name, ok: check.ok, ms: check.ms, detail });
  }
}
