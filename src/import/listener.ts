import type { Place } from './yaml-tree.js';

/** One entry of `listeners` or `advertised.listeners`. */
export interface Listener {
  /** In capitals, as Kafka compares them. */
  name: string;
  /** Empty for every interface, or for the name of the machine. */
  host: string;
  port: number;
  at: Place;
}

/**
 * Reads `NAME://HOST:PORT,...`.
 * @see Kafka's EndPoint, whose pattern a listener must match
 */
export function parseListeners(
  text: string,
  at: Place,
): { listeners: Listener[]; broken: string[] } {
  const listeners: Listener[] = [];
  const broken: string[] = [];
  for (const entry of text.split(',').map((each) => each.trim())) {
    const [, name, host = '', port] = /^(\w+):\/\/\[?([\w\-%.:{}]*)\]?:(\d+)$/.exec(entry) ?? [];
    if (name === undefined || Number(port) > 65535) broken.push(entry);
    else listeners.push({ name: name.toUpperCase(), host, port: Number(port), at });
  }
  return { listeners, broken };
}

/** Reads `NAME:PROTOCOL,...`. */
export function parseProtocols(text: string): Map<string, string> {
  return new Map(
    text
      .split(',')
      .map((entry) => entry.trim().split(':') as [string, string?])
      .filter(([name]) => name !== '')
      .map(([name, protocol = '']) => [name.toUpperCase(), protocol.toUpperCase()] as const),
  );
}

/** The names that stand for a protocol without a map. */
export const protocolNames: readonly string[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];

export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** A list of servers with the root below which Kafka keeps everything. */
export interface ZooKeeperConnect {
  servers: readonly { host: string; port: number }[];
  /** `/kafka`, or empty. */
  chroot: string;
  at: Place;
}

/** Reads `HOST:PORT,HOST:PORT/chroot`; a port that is missing is 2181. */
export function parseConnect(text: string, at: Place): ZooKeeperConnect {
  const slash = text.indexOf('/');
  const list = slash < 0 ? text : text.slice(0, slash);
  const servers = list
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => {
      const [, host = each, port] = /^(.*):(\d{1,5})$/.exec(each) ?? [];
      return { host, port: port === undefined ? 2181 : Number(port) };
    });
  return { servers, chroot: slash < 0 ? '' : text.slice(slash), at };
}
