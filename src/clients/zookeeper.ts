import type { Client, Stat } from 'node-zookeeper-client';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/** A znode with what ZooKeeper keeps of it (its Programmer's Guide, "Stat Structure"). */
export interface Znode {
  data: Buffer;
  stat: {
    /** Transactions, `0x1f` each. */
    czxid: string;
    mzxid: string;
    pzxid: string;
    /** In the form of ISO 8601. */
    ctime: string;
    mtime: string;
    version: number;
    cversion: number;
    aversion: number;
    /** The session that it lives with, `0x1f`; `0x0` of one that lives by itself. */
    ephemeralOwner: string;
    dataLength: number;
    numChildren: number;
  };
}

/** One short ZooKeeper session. Paths are absolute; values are UTF-8 text. */
export interface ZooKeeperSession {
  /** Names of the children; empty when the znode is not there. */
  children(path: string): Promise<string[]>;
  /** The znode's value, or undefined when it is not there. */
  read(path: string): Promise<string | undefined>;
  /** The znode as it is, or undefined when it is not there. */
  look(path: string): Promise<Znode | undefined>;
  create(path: string, value: string): Promise<void>;
  /** Removes the znode whatever its version; fine when it is not there. */
  remove(path: string): Promise<void>;
}

/** node-zookeeper-client, which takes a moment to load the first time. */
export function loadZooKeeperClient(): typeof import('node-zookeeper-client') {
  return createRequire(import.meta.url)(
    'node-zookeeper-client',
  ) as typeof import('node-zookeeper-client');
}

/**
 * Opens a session with the ensemble, gives it to `body` and closes it whatever comes out.
 * @param connect `HOST:PORT[,HOST:PORT...]`
 * @param timeoutMs for the connection, and again for each request
 * @throws Error when there is no connection in time, and the client's own error when a request fails
 */
export async function withZooKeeper<T>(
  connect: string,
  timeoutMs: number,
  body: (session: ZooKeeperSession) => Promise<T>,
): Promise<T> {
  const { createClient } = loadZooKeeperClient();
  // With one server the client waits a random part of spinDelay between attempts; its default is a second.
  const client = createClient(connect, { sessionTimeout: 10_000, spinDelay: 100, retries: 2 });
  try {
    await within(timeoutMs, `no ZooKeeper session with ${connect}`, (resolve) => {
      client.once('connected', () => resolve(undefined));
      client.connect();
    });
    return await body(session(client, timeoutMs));
  } finally {
    closeSoon(client);
  }
}

/** A server that has frozen never answers the farewell, and its socket would keep this process from ending. */
function closeSoon(client: Client): void {
  const { connectionManager } = client as unknown as {
    connectionManager: { socket?: Socket };
  };
  client.close();
  const timer = setTimeout(() => connectionManager.socket?.destroy(), farewellMs);
  client.once('disconnected', () => clearTimeout(timer));
}

const farewellMs = 500;

const noNode = -101; // ZooKeeper's KeeperException.Code.NONODE

function session(client: Client, timeoutMs: number): ZooKeeperSession {
  const request = <T>(
    what: string,
    send: (callback: Callback<T>) => void,
  ): Promise<T | undefined> =>
    within(timeoutMs, `ZooKeeper did not answer ${what}`, (resolve, reject) => {
      send((error, value) => {
        if (!error) resolve(value);
        else if ((error as { code?: unknown }).code === noNode) resolve(undefined);
        else reject(error as Error);
      });
    });
  return {
    children: async (path) =>
      (await request<string[]>(`getChildren ${path}`, (done) => client.getChildren(path, done))) ??
      [],
    read: async (path) =>
      await request<string>(`getData ${path}`, (done) =>
        client.getData(path, (error: unknown, data: Buffer | undefined) =>
          // A znode without data is there all the same.
          done(error, data === undefined ? '' : data.toString('utf8')),
        ),
      ),
    look: async (path) =>
      await request<Znode>(`getData ${path}`, (done) =>
        client.getData(path, (error: unknown, data: Buffer | undefined, stat: Stat) =>
          error
            ? done(error)
            : done(undefined, { data: data ?? Buffer.alloc(0), stat: told(stat) }),
        ),
      ),
    create: async (path, value) => {
      await request<string>(`create ${path}`, (done) =>
        client.create(path, Buffer.from(value, 'utf8'), done),
      );
    },
    remove: async (path) => {
      await request<undefined>(`delete ${path}`, (done) => client.remove(path, -1, done));
    },
  };
}

/** The client leaves the 64-bit numbers of a stat as the bytes that came. */
function told(stat: Stat): Znode['stat'] {
  const bytes = stat as unknown as Record<LongField, Buffer>;
  const hex = (field: LongField): string => `0x${bytes[field].readBigUInt64BE().toString(16)}`;
  const time = (field: LongField): string =>
    new Date(Number(bytes[field].readBigInt64BE())).toISOString();
  return {
    czxid: hex('czxid'),
    mzxid: hex('mzxid'),
    pzxid: hex('pzxid'),
    ctime: time('ctime'),
    mtime: time('mtime'),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: hex('ephemeralOwner'),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
  };
}

type LongField = 'czxid' | 'mzxid' | 'pzxid' | 'ctime' | 'mtime' | 'ephemeralOwner';

type Callback<T> = (error: unknown, value?: T) => void;

async function within<T>(
  timeoutMs: number,
  failure: string,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${failure} within ${timeoutMs} ms`)),
      timeoutMs,
    );
    start(
      (value) => (clearTimeout(timer), resolve(value)),
      (error) => (clearTimeout(timer), reject(error)),
    );
  });
}
