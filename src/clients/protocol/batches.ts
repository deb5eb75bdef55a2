import type { Fetched } from './fetch.js';

/** The head of a record batch (the protocol guide's "Record Batch", magic 2). */
interface BatchHead {
  lastOffset: bigint;
  producerId: bigint;
  /** Part of a transaction. */
  transactional: boolean;
  /** The mark that ends a transaction. */
  control: boolean;
  /** 0 where compaction has left an empty batch. */
  count: number;
}

const headBytes = 61;
const transactionalBit = 0x10;
const controlBit = 0x20;

/**
 * Whether a committed record is among those fetched, and the offset to fetch from next. The records themselves are
 * not read. Pure.
 */
export function scanBatches(
  { records, aborted }: Pick<Fetched, 'records' | 'aborted'>,
  from: bigint,
): { committed: boolean; next: bigint } {
  const ahead = aborted.toSorted((a, b) => Number(a.firstOffset - b.firstOffset));
  /** Producers in the middle of a transaction that was aborted. */
  const open = new Set<bigint>();
  let next = from;
  for (const head of heads(records)) {
    next = head.lastOffset + 1n;
    while (ahead[0] && ahead[0].firstOffset <= head.lastOffset) open.add(ahead.shift()!.producerId);
    if (head.control) open.delete(head.producerId);
    else if (head.count > 0 && !(head.transactional && open.has(head.producerId)))
      return { committed: true, next };
  }
  return { committed: false, next };
}

function* heads(records: Buffer): Generator<BatchHead> {
  for (let at = 0; at + headBytes <= records.length; at += 12 + records.readInt32BE(at + 8)) {
    const attributes = records.readInt16BE(at + 21);
    yield {
      lastOffset: records.readBigInt64BE(at) + BigInt(records.readInt32BE(at + 23)),
      producerId: records.readBigInt64BE(at + 43),
      transactional: (attributes & transactionalBit) !== 0,
      control: (attributes & controlBit) !== 0,
      count: records.readInt32BE(at + 57),
    };
  }
}
