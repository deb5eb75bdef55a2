import { open, type FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { LogOptions } from '../../cluster/engine.js';
import { codeOf } from '../../errors.js';
import { pause } from '../../system/abort.js';
import { tailOffset } from './log-tail.js';

const pollMs = 100;
const never = new AbortController().signal;

/**
 * The lines of a file that grows, see LogOptions. With `follow` a file that is not there yet is waited for as long
 * as `isExpected` says so; it ends when the file is removed.
 */
export async function* linesOf(
  path: string,
  { tail, follow = false, signal = never }: LogOptions,
  isExpected: () => Promise<boolean>,
): AsyncGenerator<string> {
  const file = await opened(path, follow, signal, isExpected);
  if (!file) return;
  try {
    const lines = new LineSplitter();
    for await (const chunk of chunksOf(file, { tail, follow, signal })) {
      if (chunk === 'truncated') lines.end();
      else yield* lines.push(chunk);
    }
    yield* lines.end();
  } finally {
    await file.close();
  }
}

async function opened(
  path: string,
  follow: boolean,
  signal: AbortSignal,
  isExpected: () => Promise<boolean>,
): Promise<FileHandle | undefined> {
  while (!signal.aborted) {
    try {
      return await open(path, 'r');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    if (!follow || !(await isExpected())) return undefined;
    await paused(signal);
  }
  return undefined;
}

async function* chunksOf(
  file: FileHandle,
  {
    tail,
    follow,
    signal,
  }: Required<Pick<LogOptions, 'follow' | 'signal'>> & Pick<LogOptions, 'tail'>,
): AsyncGenerator<Buffer | 'truncated'> {
  const { size } = await file.stat();
  let offset = tail === undefined ? 0 : await tailOffset(file, size, tail);
  const block = Buffer.alloc(64 * 1024);
  while (!signal.aborted) {
    // Before the read: what is written until the file is removed is read.
    const { size: now, nlink } = await file.stat();
    if (now < offset) {
      yield 'truncated';
      offset = 0;
    }
    const { bytesRead } = await file.read(block, 0, block.length, offset);
    offset += bytesRead;
    if (bytesRead > 0) yield Buffer.from(block.subarray(0, bytesRead));
    else if (!follow || nlink === 0) return;
    else await paused(signal);
  }
}

/** Ends early, and without an error, on abort. */
async function paused(signal: AbortSignal): Promise<void> {
  await pause(pollMs, signal).catch(() => undefined);
}

/** Makes lines of chunks; a character may be split between two. */
class LineSplitter {
  #decoder = new StringDecoder('utf8');
  #rest = '';

  push(chunk: Buffer): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => line.replace(/\r$/, ''));
  }

  /** The last line, if it lacks its newline. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
