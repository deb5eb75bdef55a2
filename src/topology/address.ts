export interface Address {
  /** A name or an IP address; an IPv6 one without brackets. */
  host: string;
  port: number;
}

/** `HOST:PORT`, an IPv6 address in brackets. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Reads `HOST:PORT` or `[IPV6]:PORT`. @throws Error for anything else. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([\da-f:.]+(?:%\w+)?)\]|([^\s:/,[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) throw new Error(`not HOST:PORT: ${text}`);
  return { host: (match[1] ?? match[2])!, port };
}

/** Whether a host is the machine of whoever connects to it. */
export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|::1)$/i.test(host);
}
