import { access, constants, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { codeOf, messageOf } from '../errors.js';
import { byteLines, type ByteLine } from './byte-lines.js';
import { parseRecord, type SeedRecord } from './seed-record.js';

/**
 * The records that a topic begins with, a line each. In `.jsonl` and `.ndjson` a line is a JSON object
 * `{"key", "value", "headers", "partition", "timestamp"}`, and blank lines are skipped; in any other file a line is a
 * value, byte for byte, an empty line an empty value.
 */
export type SeedLine = { line: number; end: number } & (
  { record: SeedRecord } | { problem: string }
);

/** No topic takes a record that is nearly as long. */
const longestLine = 32 * 1024 * 1024;

/** Reads the records of a seed file; a line that is none has a problem instead. */
export async function* seedLines(file: string): AsyncGenerator<SeedLine> {
  const isJson = ['.jsonl', '.ndjson'].includes(extname(file).toLowerCase());
  for await (const line of byteLines(file, longestLine)) {
    if (isJson && line.bytes && isBlank(line.bytes)) continue;
    yield { line: line.line, end: line.end, ...readLine(line, isJson) };
  }
}

const blankBytes = new Set([0x20, 0x09, 0x0d]);

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => blankBytes.has(byte));
}

function readLine(
  { bytes }: ByteLine,
  isJson: boolean,
): { record: SeedRecord } | { problem: string } {
  if (!bytes) return { problem: `the line is longer than ${longestLine} bytes` };
  return isJson ? parseRecord(bytes) : { record: { key: null, value: bytes } };
}

/** Why the file can't be read at all, as a phrase; undefined when it can. */
export async function seedFileProblem(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) return `${file} is not a file`;
    await access(file, constants.R_OK);
    return undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return `${file} is not there`;
    return `${file} can't be read: ${messageOf(error)}`;
  }
}

export interface SeedCheck {
  /** How many records there are. */
  records: number;
  /** `FILE:LINE: what is wrong`, the first few. */
  problems: string[];
}

const mostProblems = 10;

/**
 * Reads a seed file to its end, to find what is wrong before anything is changed.
 * @param partitions of the topic, where they are known: a record may name one
 */
export async function checkSeed(file: string, partitions: number | undefined): Promise<SeedCheck> {
  const check: SeedCheck = { records: 0, problems: [] };
  for await (const line of seedLines(file)) {
    check.records += 1;
    const problem = 'problem' in line ? line.problem : partitionProblem(line.record, partitions);
    if (problem === undefined) continue;
    check.problems.push(`${file}:${line.line}: ${problem}`);
    if (check.problems.length === mostProblems) break;
  }
  return check;
}

/** What is wrong with the partition that a record names. */
export function partitionProblem(
  { partition }: SeedRecord,
  partitions: number | undefined,
): string | undefined {
  if (partition === undefined || partitions === undefined || partition < partitions)
    return undefined;
  return `there is no partition ${partition}: the topic has ${partitions}, from 0 on`;
}
