/** How a build ended. */
export interface BuildOutcome {
  /** What went wrong; undefined for an image. */
  error: string | undefined;
  /** The instruction that was worked on last, such as `FROM eclipse-temurin:21-jre`. */
  instruction: string;
  /** The last lines of output. */
  lines: string[];
}

const keptLines = 20;

/**
 * Follows the answer of the Engine's classic builder, which is one JSON object a line, to its end.
 * Rejects when the connection breaks.
 */
export async function followBuild(answer: AsyncIterable<unknown>): Promise<BuildOutcome> {
  const outcome: BuildOutcome = { error: undefined, instruction: '', lines: [] };
  for await (const line of linesOf(answer)) {
    const message = JSON.parse(line) as { stream?: string; error?: string };
    if (message.error !== undefined) outcome.error = message.error;
    for (const text of (message.stream ?? '').split('\n')) note(outcome, text.trimEnd());
  }
  return outcome;
}

/** Lines that are not empty. readline would not pass on an error of the stream. */
async function* linesOf(answer: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of answer) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}

function note(outcome: BuildOutcome, text: string): void {
  if (text === '') return;
  const step = /^Step \d+\/\d+ : (.*)$/.exec(text);
  if (step) outcome.instruction = step[1] as string;
  outcome.lines.push(text);
  if (outcome.lines.length > keptLines) outcome.lines.shift();
}
