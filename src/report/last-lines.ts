/** The most that is kept. */
const limits = { bytes: 65_536, lines: 200 };

/** Keeps the last lines of what comes in chunks. */
export class LastLines {
  #chunks: Buffer[] = [];
  #length = 0;
  #isCut = false;

  add(chunk: Buffer): void {
    this.#chunks.push(Buffer.from(chunk));
    this.#length += chunk.length;
    // Joined now and then only, for small chunks' sake.
    if (this.#length > 2 * limits.bytes) this.#cut();
  }

  /** They say so when there were more. */
  text(): string {
    this.#cut();
    const lines = Buffer.concat(this.#chunks).toString().trimEnd().split('\n');
    // What was cut begins in the middle of a line.
    const whole = this.#isCut && lines.length > 1 ? lines.slice(1) : lines;
    const last = whole.slice(-limits.lines);
    const isAll = !this.#isCut && last.length === whole.length;
    return [...(isAll ? [] : ['…']), ...last].join('\n');
  }

  #cut(): void {
    if (this.#length <= limits.bytes) return;
    this.#chunks = [Buffer.concat(this.#chunks).subarray(-limits.bytes)];
    this.#length = limits.bytes;
    this.#isCut = true;
  }
}
