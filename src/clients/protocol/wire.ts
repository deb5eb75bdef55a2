/**
 * Values as Kafka's protocol writes them (Kafka's protocol guide, "Protocol Primitive Types"). A version of a request
 * is either classic or flexible (KIP-482): then lengths are varints and each structure ends with tagged fields.
 */

export class Writer {
  readonly #flexible: boolean;
  readonly #parts: Buffer[] = [];

  constructor(flexible: boolean) {
    this.#flexible = flexible;
  }

  bool(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int8(value: number): this {
    return this.#fixed(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.#fixed(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#fixed(4, (part) => part.writeInt32BE(value));
  }

  int64(value: bigint): this {
    return this.#fixed(8, (part) => part.writeBigInt64BE(value));
  }

  string(value: string | null): this {
    if (value === null) return this.#length(-1, 2);
    const bytes = Buffer.from(value, 'utf8');
    this.#length(bytes.length, 2).#parts.push(bytes);
    return this;
  }

  array<T>(items: readonly T[] | null, write: (item: T, to: this) => void): this {
    this.#length(items === null ? -1 : items.length, 4);
    for (const item of items ?? []) write(item, this);
    return this;
  }

  /** Ends a structure. kcluster sets no tagged fields. */
  end(): this {
    return this.#flexible ? this.#varint(0) : this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #length(length: number, classicSize: 2 | 4): this {
    if (this.#flexible) return this.#varint(length + 1);
    return classicSize === 2 ? this.int16(length) : this.int32(length);
  }

  #varint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    this.#parts.push(Buffer.from([...bytes, rest]));
    return this;
  }

  #fixed(size: number, write: (part: Buffer) => void): this {
    const part = Buffer.alloc(size);
    write(part);
    this.#parts.push(part);
    return this;
  }
}

/** Reads what a `Writer` of the same kind writes. @throws RangeError where the bytes end too early */
export class Reader {
  readonly #bytes: Buffer;
  readonly #flexible: boolean;
  #at = 0;

  constructor(bytes: Buffer, flexible: boolean) {
    this.#bytes = bytes;
    this.#flexible = flexible;
  }

  bool(): boolean {
    return this.int8() !== 0;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#skip(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#skip(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#skip(8));
  }

  string(): string | null {
    return this.#take(this.#length(2))?.toString('utf8') ?? null;
  }

  /** Bytes with a length before them, such as records. */
  blob(): Buffer | null {
    return this.#take(this.#length(4));
  }

  /** A null array is empty. */
  array<T>(read: (from: this) => T): T[] {
    return Array.from({ length: Math.max(0, this.#length(4)) }, () => read(this));
  }

  /** Skips the tagged fields that end a structure. */
  end(): this {
    if (!this.#flexible) return this;
    for (let left = this.#varint(); left > 0; left -= 1) {
      this.#varint();
      this.#take(this.#varint());
    }
    return this;
  }

  #length(classicSize: 2 | 4): number {
    if (this.#flexible) return this.#varint() - 1;
    return classicSize === 2 ? this.int16() : this.int32();
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#skip(1));
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  #take(length: number): Buffer | null {
    if (length < 0) return null;
    const from = this.#skip(length);
    return this.#bytes.subarray(from, from + length);
  }

  #skip(length: number): number {
    const from = this.#at;
    if (from + length > this.#bytes.length) throw new RangeError('the answer ends too early');
    this.#at += length;
    return from;
  }
}
