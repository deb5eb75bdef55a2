import type { Znode, ZooKeeperSession } from '../clients/zookeeper.js';
import { messageOf } from '../errors.js';
import { hidden, redactTree } from './secrets.js';

/** How much of the tree is read. */
export interface TreeBounds {
  znodes: number;
  /** Of all data. */
  bytes: number;
  /** Of one znode's data. */
  bytesEach: number;
}

const usualBounds: TreeBounds = { znodes: 10_000, bytes: 8_000_000, bytesEach: 100_000 };
const atOnce = 100;

/** The SCRAM credentials of users (Kafka's ConfigEntityZNode), and delegation tokens (DelegationTokensZNode). */
const secretZnodes = /^\/(config\/users|delegation_token)\//;

interface WrittenZnode {
  path: string;
  /** Data that is text; else it is `base64`. Neither where it is left out. */
  text?: string;
  base64?: string;
  stat: Znode['stat'];
}

interface Tree {
  znodes: WrittenZnode[];
  /** Znodes that were seen as children only. */
  leftOut: number;
}

/**
 * Every znode with its data and stat, level by level, within bounds. What was read before ZooKeeper went away, or before
 * the signal aborted, is returned.
 */
export async function znodeTree(
  session: Pick<ZooKeeperSession, 'look' | 'children'>,
  signal: AbortSignal,
  tell: (problem: string) => void,
  bounds: TreeBounds = usualBounds,
): Promise<Tree> {
  const znodes: WrittenZnode[] = [];
  let bytes = bounds.bytes;
  const add = ({ path, znode }: Visited): void => {
    if (!znode) return;
    const room = Math.min(bytes, bounds.bytesEach);
    if (znode.data.length <= room) bytes -= znode.data.length;
    znodes.push(written(path, znode, room));
  };
  let waiting = ['/'];
  try {
    while (waiting.length > 0 && znodes.length < bounds.znodes && !signal.aborted) {
      const size = Math.min(atOnce, bounds.znodes - znodes.length);
      const [now, later] = [waiting.slice(0, size), waiting.slice(size)];
      const seen = await Promise.all(now.map(async (path) => await visit(session, path)));
      seen.forEach(add);
      waiting = [...later, ...seen.flatMap(({ children }) => children)];
    }
    if (signal.aborted) tell('only a part of it: the time was over');
  } catch (error) {
    tell(`only a part of it: ${messageOf(error)}`);
  }
  return { znodes, leftOut: waiting.length };
}

interface Visited {
  path: string;
  /** Undefined of one that is gone by now. */
  znode: Znode | undefined;
  children: string[];
}

async function visit(
  session: Pick<ZooKeeperSession, 'look' | 'children'>,
  path: string,
): Promise<Visited> {
  const [znode, names] = await Promise.all([session.look(path), session.children(path)]);
  const parent = path === '/' ? '' : path;
  return { path, znode, children: names.toSorted().map((name) => `${parent}/${name}`) };
}

function written(path: string, { data, stat }: Znode, room: number): WrittenZnode {
  if (data.length > 0 && secretZnodes.test(path)) return { path, text: hidden, stat };
  if (data.length > room) return { path, stat };
  const text = asText(data);
  return text === undefined
    ? { path, base64: data.toString('base64'), stat }
    : { path, text: redactTree(text) as string, stat };
}

/** Undefined for what is not meant to be read as text. */
function asText(data: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data);
    return /[^\P{Cc}\t\n\r]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
