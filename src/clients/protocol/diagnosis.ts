import type { Address } from '../../topology/address.js';
import { correlationId, type Request } from './request.js';
import { Reader } from './wire.js';

/*
 * What a diagnosis asks. kafkajs hides what that is about: which request was refused, how, and by which cluster.
 */

/** Far above any answer to these requests; what another protocol sends often reads as a greater length. */
const longestAnswer = 16_000_000;

/** Whether the bytes hold a whole answer, or can't be the begin of one. */
export function isWholeAnswer(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const length = bytes.readInt32BE(0);
  return length < 4 || length > longestAnswer || bytes.length >= 4 + length;
}

/** The answer in the bytes; undefined when they are no answer to this request. */
export function decodeAnswer<T>(request: Request<T>, bytes: Buffer): T | undefined {
  try {
    const reader = new Reader(bytes, request.flexible);
    if (reader.int32() !== bytes.length - 4 || reader.int32() !== correlationId) return undefined;
    return request.decode(reader.end());
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The versions of each API that a listener serves, by API key. */
export type ServedApis = ReadonlyMap<number, { min: number; max: number }>;

/** What every listener answers, a SASL one before authentication too. Version 0 is understood by every broker. */
export const apiVersionsRequest: Request<ServedApis> = {
  apiKey: 18,
  apiVersion: 0,
  flexible: false,
  encode: () => undefined,
  decode(reader) {
    reader.int16(); // error code
    const entries = reader.array(() => [reader.int16(), reader.int16(), reader.int16()] as const);
    return new Map(entries.map(([apiKey, min, max]) => [apiKey, { min, max }]));
  },
};

/** Whether a request may be sent as it is. */
export function isServed({ apiKey, apiVersion }: Request<unknown>, apis: ServedApis): boolean {
  const served = apis.get(apiKey);
  return served !== undefined && served.min <= apiVersion && apiVersion <= served.max;
}

/** The cluster as one listener of one broker tells it. */
export interface ClusterView {
  clusterId?: string;
  /** Undefined while there is none. */
  controller?: number;
  /** Every broker that has a listener of the same name, with what that one advertises. */
  brokers: { id: number; address: Address }[];
}

/** The newest of versions 4 to 7 that is served: they are written alike, Kafka 0.11 has the first, 4.0 the last. */
export function clusterRequest(apis: ServedApis): Request<ClusterView> {
  const apiKey = 3;
  return {
    apiKey,
    apiVersion: Math.max(4, Math.min(7, apis.get(apiKey)?.max ?? 0)),
    flexible: false,
    // No topics, and none to be created.
    encode: (to) => to.array([], () => undefined).bool(false),
    decode(reader) {
      reader.int32(); // throttle time
      const brokers = reader.array(() => {
        const id = reader.int32();
        const address = { host: printable(reader.string() ?? ''), port: reader.int32() };
        reader.string(); // rack
        return { id, address };
      });
      const clusterId = reader.string();
      const controller = reader.int32();
      return {
        brokers: brokers.sort((a, b) => a.id - b.id),
        ...(clusterId !== null && { clusterId: printable(clusterId) }),
        ...(controller >= 0 && { controller }),
      };
    },
  };
}

/**
 * Asks for a SASL mechanism that nobody has. A listener that wants SASL answers with those that it has; any other says
 * that it is in no state for it. Undefined: it does not want SASL.
 */
export const saslMechanismsRequest: Request<string[] | undefined> = {
  apiKey: 17,
  apiVersion: 1,
  flexible: false,
  encode: (to) => to.string('WHICH-ARE-THERE'),
  decode(reader) {
    const unsupportedSaslMechanism = 33; // Kafka's Errors.UNSUPPORTED_SASL_MECHANISM
    const error = reader.int16();
    const mechanisms = reader.array(() => printable(reader.string() ?? ''));
    return error === unsupportedSaslMechanism ? mechanisms : undefined;
  },
};

/** Who answers: the broker that was meant, another (whose id may be known), or it does not tell. */
export type Identity = { is: 'expected' } | { is: 'other'; id?: number } | { is: 'untold' };

/**
 * Asks for one configuration value of a broker. Only the broker itself tells it; any other refuses, and names itself
 * (Kafka's ConfigHelper).
 */
export function identityRequest(id: number): Request<Identity> {
  const brokerResource = 4; // Kafka's ConfigResource.Type.BROKER
  return {
    apiKey: 32,
    apiVersion: 1,
    flexible: false,
    encode: (to) =>
      to
        .array([String(id)], (name) =>
          to
            .int8(brokerResource)
            .string(name)
            .array(['broker.id'], (key) => to.string(key)),
        )
        .bool(false),
    decode(reader) {
      const invalidRequest = 42; // Kafka's Errors.INVALID_REQUEST
      reader.int32(); // throttle time
      if (reader.int32() !== 1) return { is: 'untold' };
      const error = reader.int16();
      if (error === 0) return { is: 'expected' };
      if (error !== invalidRequest) return { is: 'untold' };
      const own = /expected (\d+)/.exec(reader.string() ?? '')?.[1];
      return own === undefined ? { is: 'other' } : { is: 'other', id: Number(own) };
    },
  };
}

/** What a stranger sends is to be read, not to move the cursor of a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
