import { z } from 'zod';
import { messageOf } from '../errors.js';

/** A record to send. */
export interface SeedRecord {
  key: string | null;
  /** Null is a tombstone. */
  value: string | Buffer | null;
  headers?: Record<string, string>;
  partition?: number;
  /** Milliseconds since 1970; the time of sending when it is left out. */
  timestamp?: number;
}

const count = (what: string): z.ZodOptional<z.ZodInt> =>
  z.int(`${what} is a whole number`).min(0, `${what} is 0 or more`).optional();

const shape = z.strictObject(
  {
    key: z.unknown().optional(),
    value: z.custom<unknown>(
      (value) => value !== undefined,
      'a record has a value; that of a tombstone is null',
    ),
    headers: z
      .record(z.string(), z.string('the values of headers are strings'), 'headers are an object')
      .optional(),
    partition: count('partition'),
    timestamp: count('timestamp, in milliseconds,'),
  },
  {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `unknown key ${keys.map((key) => `"${key}"`).join(', ')}`
        : 'a record is a JSON object',
  },
);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads one line of JSON as a record. A key or value that is a string is sent as it is, any other JSON as its text;
 * null is no key, or a tombstone.
 */
export function parseRecord(line: Buffer): { record: SeedRecord } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(utf8.decode(line));
  } catch (error) {
    return { problem: error instanceof TypeError ? 'not UTF-8' : `not JSON: ${messageOf(error)}` };
  }
  const { success, data, error } = shape.safeParse(json);
  if (!success) return { problem: error.issues.map(({ message }) => message).join('; ') };
  const { key, value, ...rest } = data;
  return { record: { ...rest, key: textOf(key ?? null), value: textOf(value) } };
}

function textOf(json: unknown): string | null {
  if (json === null) return null;
  return typeof json === 'string' ? json : JSON.stringify(json);
}
