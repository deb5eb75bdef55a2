import type { Engine } from '../cluster/engine.js';
import { KeptEnds } from './kept-ends.js';
import { redactText } from './secrets.js';

const bounds = { first: 1_000_000, last: 3_000_000 };
/** What is read once more of a log that could not be read to its end in time. */
const lastLines = 2000;

/** What a node wrote: all of it, or its first and last lines and between them a line that says what is left out. */
export async function nodeLog(
  engine: Pick<Engine, 'logs'>,
  project: string,
  service: string,
  signal: AbortSignal,
): Promise<string> {
  const kept = new KeptEnds(bounds);
  for await (const { line } of engine.logs(project, service, { signal })) kept.push(line);
  const lines = kept.lines((count) => `[kcluster: ${count} lines are left out here]`);
  if (signal.aborted) {
    lines.push(`[kcluster: no more was read in time; the last ${lastLines} lines follow]`);
    for await (const { line } of engine.logs(project, service, { tail: lastLines }))
      lines.push(line);
  }
  return redactText(lines.map((line) => `${line}\n`).join(''));
}
