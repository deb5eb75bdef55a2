/** How much is kept of a text that may be of any length, in bytes. */
export interface Bounds {
  first: number;
  last: number;
}

const longestLine = 16_000;

/** The first and the last lines of a text that comes line by line; holds no more in memory than it keeps. */
export class KeptEnds {
  readonly #bounds: Bounds;
  readonly #first: string[] = [];
  #last: string[] = [];
  #firstBytes = 0;
  #lastBytes = 0;
  #isFull = false;
  /** Where the kept ones begin in `#last`. */
  #begin = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  push(line: string): void {
    const short = shortened(line);
    const size = sizeOf(short);
    this.#isFull ||= this.#firstBytes + size > this.#bounds.first;
    if (!this.#isFull) {
      this.#first.push(short);
      this.#firstBytes += size;
      return;
    }
    this.#last.push(short);
    this.#lastBytes += size;
    while (this.#lastBytes > this.#bounds.last) {
      this.#lastBytes -= sizeOf(this.#last[this.#begin]!);
      this.#begin += 1;
    }
    if (this.#begin > 1000) this.#compact();
  }

  /** @param leftOut the line that says how many lines are missing between the two ends */
  lines(leftOut: (count: number) => string): string[] {
    const last = this.#last.slice(this.#begin);
    return this.#gone === 0
      ? [...this.#first, ...last]
      : [...this.#first, leftOut(this.#gone), ...last];
  }

  get #gone(): number {
    return this.#forgotten + this.#begin;
  }

  #forgotten = 0;

  #compact(): void {
    this.#last = this.#last.slice(this.#begin);
    this.#forgotten += this.#begin;
    this.#begin = 0;
  }
}

function shortened(line: string): string {
  if (line.length <= longestLine) return line;
  return `${line.slice(0, longestLine)} [${line.length - longestLine} more characters of this line are left out]`;
}

function sizeOf(line: string): number {
  return Buffer.byteLength(line) + 1;
}
