import type { Duplex } from 'node:stream';

export type ZooKeeperMode = 'standalone' | 'leader' | 'follower' | 'observer';

/**
 * Asks a ZooKeeper `srvr`, the one four-letter word that every server allows (ZooKeeper's Administrator's Guide).
 * Resolves to its mode, or to undefined while it does not serve: no connection, no quorum, no answer in time.
 */
export async function zookeeperMode(
  stream: Duplex,
  timeoutMs: number,
): Promise<ZooKeeperMode | undefined> {
  const answer = await ask(stream, 'srvr', timeoutMs);
  return parseMode(answer);
}

export function parseMode(answer: string): ZooKeeperMode | undefined {
  return /^Mode: (standalone|leader|follower|observer)$/m.exec(answer)?.[1] as
    ZooKeeperMode | undefined;
}

/** Everything the other side sends until it closes; what came so far when it fails or takes too long. */
async function ask(stream: Duplex, command: string, timeoutMs: number): Promise<string> {
  return await new Promise((resolve) => {
    let answer = '';
    const done = (): void => {
      clearTimeout(timer);
      stream.destroy();
      resolve(answer);
    };
    const timer = setTimeout(done, timeoutMs);
    stream.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
    stream.on('error', done).on('end', done).on('close', done);
    stream.on('connect', () => stream.write(command));
  });
}
