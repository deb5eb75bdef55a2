import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

/** How long a name may take to resolve; one that takes longer is as good as unknown. */
const lookupLimitMs = 2000;

/** The IPv4 addresses of a name, as a client on this machine resolves it; none for a name that it does not know. */
export async function addressesOf(name: string): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([]), lookupLimitMs);
  });
  const answer = lookup(name, { all: true, family: 4 }).then(
    (addresses) => addresses.map(({ address }) => address),
    () => [],
  );
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The IPv4 addresses of this machine. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family }) => family === 'IPv4')
    .map(({ address }) => address);
}
