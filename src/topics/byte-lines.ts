import { createReadStream } from 'node:fs';

export interface ByteLine {
  /** From 1 on. */
  line: number;
  /** Without its line end; undefined for one that is longer than allowed, after which nothing is read. */
  bytes: Buffer | undefined;
  /** How much of the file has been read with it, in bytes. */
  end: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * The lines of a file as bytes; never more than a line and a chunk of it are in memory.
 * @throws the system's error when the file can't be read
 */
export async function* byteLines(file: string, longest: number): AsyncGenerator<ByteLine> {
  let line = 1;
  let end = 0;
  let parts: Buffer[] = [];
  let held = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      end += held + at - from + 1;
      yield { line, bytes: joined(parts, chunk.subarray(from, at)), end };
      line += 1;
      from = at + 1;
      [parts, held] = [[], 0];
    }
    parts.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > longest) {
      yield { line, bytes: undefined, end: end + held };
      return;
    }
  }
  if (held > 0) yield { line, bytes: joined(parts), end: end + held };
}

function joined(parts: readonly Buffer[], last?: Buffer): Buffer {
  const all = [...parts, ...(last ? [last] : [])];
  const bytes = all.length === 1 ? all[0]! : Buffer.concat(all);
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}
