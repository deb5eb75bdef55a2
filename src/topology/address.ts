export interface Address {
  host: string;
  port: number;
}

export function formatAddress({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** Reads `HOST:PORT`. @throws Error for anything else. */
export function parseAddress(text: string): Address {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  if (!match) throw new Error(`not HOST:PORT: ${text}`);
  return { host: match[1]!, port: Number(match[2]) };
}
