import { StringDecoder } from 'node:string_decoder';

/** Puts chunks of UTF-8 together to lines, wherever the chunks are cut: also inside a character. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that this chunk ends, without their line ends. */
  push(chunk: Buffer): string[] {
    const parts = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = parts.pop() ?? '';
    return parts.map((line) => line.replace(/\r$/, ''));
  }

  /** A last line without a line end, if there is one. */
  end(): string[] {
    const last = this.#rest + this.#decoder.end();
    this.#rest = '';
    return last === '' ? [] : [last];
  }
}

/** The lines of a byte stream. */
export async function* lines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  const splitter = new LineSplitter();
  for await (const chunk of stream) yield* splitter.push(chunk as Buffer);
  yield* splitter.end();
}
