/**
 * The types of Kafka's protocol that its versions before the "flexible" ones are made of
 * (kafka.apache.org/protocol#protocol_types): big-endian integers, strings and arrays with their length before them.
 */
export const write = {
  int8: (value: number): Buffer => Buffer.from([value]),
  int16: (value: number): Buffer => {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return bytes;
  },
  int32: (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  },
  string: (text: string): Buffer => {
    const bytes = Buffer.from(text, 'utf8');
    return Buffer.concat([write.int16(bytes.length), bytes]);
  },
  array: (elements: readonly Buffer[]): Buffer =>
    Buffer.concat([write.int32(elements.length), ...elements]),
};

/** Reads the same types one after the other. @throws RangeError past the end */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  /** Undefined where it is null. */
  string(): string | undefined {
    const length = this.int16();
    if (length < 0) return undefined;
    const start = this.#advance(length);
    if (this.#at > this.#bytes.length) throw new RangeError('a string goes past the end');
    return this.#bytes.toString('utf8', start, this.#at);
  }

  array<T>(element: (reader: Reader) => T): T[] {
    const elements: T[] = [];
    for (let left = this.int32(); left > 0; left -= 1) elements.push(element(this));
    return elements;
  }

  #advance(count: number): number {
    const start = this.#at;
    this.#at += count;
    return start;
  }
}
