import { interrupted, messageOf } from '../errors.js';
import { anyOf, unlessAborted } from '../system/abort.js';

/** One file of a bundle. */
export interface Entry {
  path: string;
  content: string;
}

/** A file of a bundle, and how its content is found. */
export interface Part {
  path: string;
  /** What it holds, as one phrase. */
  title: string;
  /**
   * Makes the content.
   * @param signal aborts when the time is over; what is there by then may still be returned
   * @param tell says what is missing in it, in a phrase
   */
  collect: (signal: AbortSignal, tell: (problem: string) => void) => Promise<string> | string;
}

export interface Collected {
  entries: Entry[];
  /** What could not be collected, `PATH: why` each. */
  problems: string[];
}

/** How long a part may take, in milliseconds; and how long it then has to return what it has. */
export interface Limits {
  ms: number;
  graceMs: number;
}

/**
 * Collects every part on its own, all at once. One that fails, or takes too long, is a problem, and keeps no other back.
 * @throws KclusterError `interrupted` when the signal aborts
 */
export async function collect(
  parts: readonly Part[],
  limits: Limits,
  signal: AbortSignal,
): Promise<Collected> {
  const problems: string[] = [];
  const entries = await Promise.all(
    parts.map(async (part) => {
      const tell = (problem: string): void => void problems.push(`${part.path}: ${problem}`);
      try {
        return { path: part.path, content: await within(limits, signal, part, tell) };
      } catch (error) {
        if (signal.aborted) throw interrupted();
        tell(messageOf(error));
        return undefined;
      }
    }),
  );
  return { entries: entries.filter((entry) => entry !== undefined), problems: problems.sort() };
}

async function within(
  { ms, graceMs }: Limits,
  signal: AbortSignal,
  part: Part,
  tell: (problem: string) => void,
): Promise<string> {
  const [soft, hard] = [new AbortController(), new AbortController()];
  const timers = [setTimeout(() => soft.abort(), ms), setTimeout(() => hard.abort(), ms + graceMs)];
  // What a part says after its time is not waited for, and not heard.
  const tellInTime = (problem: string): void => (hard.signal.aborted ? undefined : tell(problem));
  const content = async (): Promise<string> =>
    await part.collect(anyOf(signal, soft.signal), tellInTime);
  try {
    return await unlessAborted(content(), anyOf(signal, hard.signal));
  } catch (error) {
    if (!hard.signal.aborted) throw error;
    throw new Error(`it took longer than ${(ms + graceMs) / 1000} s`, { cause: error });
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
