import type { Kafka, ISocketFactoryArgs } from 'kafkajs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Address } from '../topology/address.js';
import { formatAddress } from '../topology/address.js';

/** Opens a byte stream to an address, from the place where the client is to be. */
export type Dial = (to: Address) => Duplex;

/** A kafkajs client that says nothing by itself and whose connections all go through `dial`. */
export function kafkaClient(
  bootstrap: readonly Address[],
  dial: Dial,
  options: { requestTimeoutMs: number; retries: number },
): Kafka {
  const kafkajs = createRequire(import.meta.url)('kafkajs') as typeof import('kafkajs');
  return new kafkajs.Kafka({
    clientId: 'kcluster',
    brokers: bootstrap.map(formatAddress),
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: options.requestTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    retry: { initialRetryTime: 50, maxRetryTime: 1000, retries: options.retries },
    socketFactory: ({ host, port, onConnect }: ISocketFactoryArgs) => {
      // A stream of `dial` has what kafkajs calls on a socket: on, write, end, unref.
      const stream = dial({ host, port }) as unknown as Socket;
      stream.on('connect', () => {
        if (!stream.writableEnded) return onConnect();
        // kafkajs has ended the connection before it was there. Told that it is, it would watch it for ever, and the
        // process would not end.
        stream.destroy();
        stream.emit('end');
      });
      return stream;
    },
  });
}

/** One broker's own view of the cluster. */
export interface BrokerView {
  brokers: { id: number; address: Address }[];
  /** The controller's id, or undefined while there is none. */
  controller: number | undefined;
}

/**
 * Asks one broker for its metadata.
 * kafkajs asks any broker that it has heard of; here every connection goes to the one at `address`, so that the answer
 * is that broker's own.
 * @throws what kafkajs throws when the broker does not answer within `timeoutMs`
 */
export async function brokerView(
  address: Address,
  dial: Dial,
  timeoutMs: number,
): Promise<BrokerView> {
  const admin = kafkaClient([address], () => dial(address), {
    requestTimeoutMs: timeoutMs,
    retries: 0,
  }).admin();
  try {
    await admin.connect();
    const { brokers, controller } = await admin.describeCluster();
    return {
      brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, address: { host, port } })),
      controller: controller ?? undefined,
    };
  } finally {
    await admin.disconnect();
  }
}
