import type { Message } from 'kafkajs';
import { KclusterError } from '../errors.js';
import { partitionProblem, seedLines } from './seed-file.js';
import type { SeedRecord } from './seed-record.js';

/** Records that are sent at once. */
export interface SeedBatch {
  messages: Message[];
  /** `FILE:LINE`, or `FILE:FIRST-LAST`. */
  where: string;
  /** How much of the file has been read with it, in bytes. */
  end: number;
}

export interface SeedTarget {
  file: string;
  topic: string;
  partitions: number;
  /** A record that is longer makes a batch of its own. */
  batchBytes: number;
}

/**
 * Reads a seed file in batches. A record without a key goes to the partition of its number, in turn: asked again,
 * each goes where it went before. For one with a key kafkajs chooses as Kafka's own clients do.
 * @throws KclusterError `invalidSpec` for a line that is no record
 */
export async function* seedBatches(target: SeedTarget): AsyncGenerator<SeedBatch> {
  let batch = new Batch(target.file);
  let number = 0;
  for await (const line of seedLines(target.file)) {
    const problem =
      'problem' in line ? line.problem : partitionProblem(line.record, target.partitions);
    if ('problem' in line || problem !== undefined)
      throw new KclusterError(
        'invalidSpec',
        `the seed of topic ${target.topic} has a line that is no record`,
        {
          details: [`${target.file}:${line.line}: ${problem}`],
        },
      );
    if (batch.bytes > 0 && batch.bytes + sizeOf(line.record) > target.batchBytes) {
      yield batch.seal();
      batch = new Batch(target.file);
    }
    batch.add(line, messageOf(line.record, number % target.partitions));
    number += 1;
  }
  if (batch.bytes > 0) yield batch.seal();
}

class Batch {
  bytes = 0;
  readonly #file: string;
  readonly #messages: Message[] = [];
  #first = 0;
  #last = 0;
  #end = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(
    { line, end, record }: { line: number; end: number; record: SeedRecord },
    message: Message,
  ): void {
    if (this.#messages.length === 0) this.#first = line;
    [this.#last, this.#end] = [line, end];
    this.bytes += sizeOf(record);
    this.#messages.push(message);
  }

  seal(): SeedBatch {
    const lines = this.#first === this.#last ? `${this.#first}` : `${this.#first}-${this.#last}`;
    return { messages: this.#messages, where: `${this.#file}:${lines}`, end: this.#end };
  }
}

function messageOf({ timestamp, ...record }: SeedRecord, turn: number): Message {
  return {
    ...record,
    ...(record.key === null && { partition: record.partition ?? turn }),
    ...(timestamp !== undefined && { timestamp: String(timestamp) }),
  };
}

/** No less than a record's own bytes and what Kafka writes around them. */
const overheadBytes = 80;

function sizeOf({ key, value, headers = {} }: SeedRecord): number {
  const texts = [key, value, ...Object.entries(headers).flat()];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), overheadBytes);
}
