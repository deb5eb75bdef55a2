import type { Kafka, ISocketFactoryArgs } from 'kafkajs';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Address } from '../topology/address.js';
import { formatAddress } from '../topology/address.js';

/** Opens a byte stream to an address, from the place where the client is to be. */
export type Dial = (to: Address) => Duplex;

/** kafkajs, which takes a while to load: the first time, some hundredths of a second. */
export function loadKafkajs(): typeof import('kafkajs') {
  return createRequire(import.meta.url)('kafkajs') as typeof import('kafkajs');
}

/** A kafkajs client that says nothing by itself and whose connections all go through `dial`. */
export function kafkaClient(
  bootstrap: readonly Address[],
  dial: Dial,
  options: { requestTimeoutMs: number; retries: number },
): Kafka {
  const kafkajs = loadKafkajs();
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
