import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { codeOf } from '../errors.js';
import { isPortFree } from './ports.js';

/**
 * Below every system's range of ephemeral ports (Linux from 32768, macOS and IANA from 49152): no outgoing
 * connection takes a port of these between the moment it is chosen and the moment a node listens on it.
 */
const first = 20_000;
const last = 32_000;

export interface Reservation {
  ports: number[];
  /** Gives the ports back to other runs; nodes listen on them by then, or never will. */
  release: () => Promise<void>;
}

/**
/**
 * Chooses ports that are free, different from those that other runs on this machine have chosen and not yet taken. Who holds
 * the UDP port of a number on the loopback interface has reserved its TCP port, which nodes listen on: all users of a
 * machine see it, and it ends with its process.
 * @param isFree of a port; on the loopback interface of this machine when it is left out
 */
export async function reservePorts(
  count: number,
  isFree: (port: number) => Promise<boolean> = isPortFree,
): Promise<Reservation> {
  const held = new Map<number, Socket>();
  const release = async (): Promise<void> => {
    await Promise.all([...held.values()].map(close));
  };
  try {
    while (held.size < count) {
      const port = randomInt(first, last);
      const socket = held.has(port) ? undefined : await hold(port);
      if (!socket) continue;
      if (await isFree(port)) held.set(port, socket);
      else await close(socket);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { ports: [...held.keys()], release };
}

/** Undefined where somebody else holds it. */
async function hold(port: number): Promise<Socket | undefined> {
  return await new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      // A reservation alone keeps no process alive.
      socket.unref();
      resolve(socket);
    });
  });
}

async function close(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.close(resolve));
}
