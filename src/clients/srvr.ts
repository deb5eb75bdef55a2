import type { Duplex } from 'node:stream';
import { hear } from './hear.js';

export type ZooKeeperMode = 'standalone' | 'leader' | 'follower' | 'observer';

/**
 * Asks a ZooKeeper `srvr`, the one four-letter word that every server allows (ZooKeeper's Administrator's Guide).
 * Resolves to its mode, or to undefined while it does not serve: no connection, no quorum, no answer in time.
 */
export async function zookeeperMode(
  stream: Duplex,
  timeoutMs: number,
): Promise<ZooKeeperMode | undefined> {
  return parseMode(await askSrvr(stream, timeoutMs));
}

/** What the other side says to `srvr` until it closes, which a ZooKeeper does after its answer. */
export async function askSrvr(stream: Duplex, timeoutMs: number): Promise<string> {
  const { bytes } = await hear(stream, Buffer.from('srvr'), () => false, timeoutMs);
  return bytes.toString('utf8');
}

export function parseMode(answer: string): ZooKeeperMode | undefined {
  return /^Mode: (standalone|leader|follower|observer)$/m.exec(answer)?.[1] as
    ZooKeeperMode | undefined;
}

/**
 * Whether only a ZooKeeper answers `srvr` so: with its version, or that it serves no requests now, or that the word is
 * not allowed (ZooKeeper's AbstractFourLetterCommand and NIOServerCnxn).
 */
export function isZooKeeper(answer: string): boolean {
  return /^(Zookeeper version:|This ZooKeeper instance|srvr is not executed)/.test(answer);
}
