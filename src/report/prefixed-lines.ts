const newline = 0x0a;
/** A line that grows beyond this many bytes is written in pieces, so that no command fills the memory. */
const longestLine = 65_536;

/**
 * Writes what comes in chunks as whole lines, each with a prefix: bytes as they are, and in one write a line, so that
 * several writers of one stream never meet within a line.
 */
export class PrefixedLines {
  readonly #prefix: Buffer;
  readonly #write: (line: Buffer) => void;
  #rest: Buffer[] = [];
  #length = 0;

  constructor(prefix: string, write: (line: Buffer) => void) {
    this.#prefix = Buffer.from(prefix);
    this.#write = write;
  }

  write(chunk: Buffer | string): void {
    let left = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let end = left.indexOf(newline); end >= 0; end = left.indexOf(newline)) {
      this.#add(left.subarray(0, end));
      this.#endLine();
      left = left.subarray(end + 1);
    }
    if (left.length > 0) this.#add(left);
    if (this.#length > longestLine) this.#endLine();
  }

  /** Ends a last line that has no end. */
  end(): void {
    if (this.#length > 0) this.#endLine();
  }

  #add(bytes: Buffer): void {
    // A copy: the chunk is its owner's.
    this.#rest.push(Buffer.from(bytes));
    this.#length += bytes.length;
  }

  #endLine(): void {
    this.#write(Buffer.concat([this.#prefix, ...this.#rest, Buffer.from('\n')]));
    this.#rest = [];
    this.#length = 0;
  }
}
