import { hear, type Heard } from '../clients/hear.js';
import type { Dial } from '../clients/kafka.js';
import { decodeAnswer, isWholeAnswer } from '../clients/protocol/diagnosis.js';
import { frameOf, type Request } from '../clients/protocol/request.js';
import type { Address } from '../topology/address.js';

/** Whom to ask, and how. */
export interface Question {
  /** An IP address and a port. */
  to: Address;
  /** The name that the client has for it. */
  name: string;
  dial: Dial;
  /** For each thing that is said. */
  timeoutMs: number;
  /** The id of the broker that should answer. */
  expectedId?: number;
}

/** Says something on a connection of its own: what that does to the connection can't spoil what is said next. */
export async function say(
  { to, dial, timeoutMs }: Question,
  bytes: Buffer,
  enough: (heard: Buffer) => boolean,
): Promise<Heard> {
  return await hear(dial(to), bytes, enough, timeoutMs);
}

/** Sends a Kafka request; without an answer, what was heard instead. */
export async function ask<T>(
  question: Question,
  request: Request<T>,
): Promise<{ answer?: T; heard: Heard }> {
  const heard = await say(question, frameOf(request), isWholeAnswer);
  const answer = decodeAnswer(request, heard.bytes);
  return { heard, ...(answer !== undefined && { answer }) };
}
