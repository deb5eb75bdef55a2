import type { Duplex } from 'node:stream';
import { KclusterError, messageOf } from '../../errors.js';
import type { Address } from '../../topology/address.js';
import { formatAddress } from '../../topology/address.js';
import type { Dial } from '../kafka.js';
import { Reader, Writer } from './wire.js';

/**
 * One request of Kafka's protocol and its answer. These are for what kafkajs can't ask, or where it leaves out the
 * broker's own words: it keeps an error's code only, and a partition without a leader fails its metadata as a whole.
 */
export interface Request<T> {
  /** As in the protocol guide's list of API keys. */
  apiKey: number;
  apiVersion: number;
  /** Whether this version is flexible (KIP-482). */
  flexible: boolean;
  /** What it returns counts for nothing. */
  encode: (to: Writer) => unknown;
  decode: (from: Reader) => T;
}

/** What a broker says of one thing that a request named. */
export interface Verdict {
  /** One of `ErrorCode`, or another of Kafka's. */
  code: number;
  /** The broker's own words, if it has any. */
  message: string | null;
}

/** Kafka's error codes that kcluster treats (org.apache.kafka.common.protocol.Errors). */
export const ErrorCode = {
  unknownServerError: -1,
  none: 0,
  offsetOutOfRange: 1,
  unknownTopicOrPartition: 3,
  notLeader: 6,
  requestTimedOut: 7,
  topicAlreadyExists: 36,
  notController: 41,
  electionNotNeeded: 84,
  noReassignmentInProgress: 85,
} as const;

/** A broker's words for what it refused. */
export function wordsOf({ code, message }: Verdict): string {
  return message ?? `Kafka's error code ${code}`;
}

/**
 * Sends one request to the broker at the address, over a connection of its own.
 * @throws KclusterError `notReady` when there is no answer within `timeoutMs`, or one that can't be read
 */
export async function ask<T>(
  address: Address,
  dial: Dial,
  timeoutMs: number,
  request: Request<T>,
): Promise<T> {
  const stream = dial(address);
  try {
    const frame = await exchange(stream, frameOf(request), timeoutMs);
    return decodeFrame(frame, request);
  } catch (error) {
    const message = `no answer from ${formatAddress(address)}: ${messageOf(error)}`;
    throw new KclusterError('notReady', message, { cause: error });
  } finally {
    stream.on('error', () => undefined).destroy();
  }
}

/** The answer names the request that it belongs to; on a connection with one request there is no other. */
export const correlationId = 0x6b63;

/** The request as it goes over the wire. */
export function frameOf({ apiKey, apiVersion, flexible, encode }: Request<unknown>): Buffer {
  // The client's id keeps its classic form in every version.
  const header = new Writer(false)
    .int16(apiKey)
    .int16(apiVersion)
    .int32(correlationId)
    .string('kcluster');
  const body = new Writer(flexible).end();
  encode(body);
  const payload = Buffer.concat([header.bytes(), body.bytes()]);
  return Buffer.concat([new Writer(false).int32(payload.length).bytes(), payload]);
}

function decodeFrame<T>(frame: Buffer, { flexible, decode }: Request<T>): T {
  const reader = new Reader(frame, flexible);
  reader.int32();
  return decode(reader.end());
}

/** Writes a frame, and resolves to the one that comes back, without its length. */
async function exchange(stream: Duplex, frame: Buffer, timeoutMs: number): Promise<Buffer> {
  return await new Promise<Buffer>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`it took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
    const fail = (error?: Error): void => {
      clearTimeout(timer);
      reject(error ?? new Error('the connection was closed'));
    };
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('error', fail).on('close', () => fail());
    stream.on('connect', () => stream.write(frame));
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size < 4) return;
      const all = chunks.length === 1 ? chunk : Buffer.concat(chunks.splice(0));
      if (chunks.length === 0) chunks.push(all);
      const end = 4 + all.readInt32BE(0);
      if (size < end) return;
      clearTimeout(timer);
      resolve(all.subarray(4, end));
    });
  });
}
