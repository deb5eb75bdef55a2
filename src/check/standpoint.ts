import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import type { Dial } from '../clients/kafka.js';
import { anyOf } from '../system/abort.js';

/** From where a connection is looked at: how names resolve there, and how connections are opened. */
export interface Standpoint {
  /** The IP addresses of a name in the order in which clients try them. @throws Error with a `code` */
  resolve(host: string): Promise<string[]>;
  /** Opens a stream to an IP address and a port. */
  dial: Dial;
}

/** This machine, as any client on it: names by its hosts file and DNS. Streams end when the signal aborts. */
export function thisMachine(signal: AbortSignal): Standpoint {
  const ending = anyOf(signal);
  return {
    resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    dial: ({ host, port }) => connect({ host, port, signal: ending }),
  };
}
