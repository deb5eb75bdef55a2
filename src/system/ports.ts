import { connect, createServer } from 'node:net';
import { codeOf } from '../errors.js';

const loopback = '127.0.0.1';
const everyAddress = '0.0.0.0';

/** What would become of a process that listens on an address of this machine now. */
export type PortState = 'free' | 'taken' | 'no such address';

/** Whether a process could listen on this port of the loopback interface now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await portState({ host: loopback, port })) !== 'taken';
}

/** The same of several addresses of this machine, one after the other: two attempts at a time would take the port from each other. */
export async function isPortFreeOn(hosts: readonly string[], port: number): Promise<boolean> {
  for (const host of hosts) if ((await portState({ host, port })) === 'taken') return false;
  return true;
}

/** Long for a machine that is near; one that drops what it does not want answers nobody. */
const answerLimitMs = 1000;

/** Whether something answers at a port, of this machine or another one. */
export async function isAnswered({ host, port }: Listening): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: answerLimitMs });
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/** The state of a port on an address of this machine; on 0.0.0.0 it is one of every address. */
export async function portState({ host, port }: Listening): Promise<PortState> {
  // Linux refuses 0.0.0.0 where a single address is taken; macOS does not.
  const hosts = host === everyAddress ? [loopback, everyAddress] : [host];
  for (const each of hosts) {
    const state = await tryToListen({ host: each, port });
    if (state !== 'free') return state;
  }
  return 'free';
}

interface Listening {
  host: string;
  port: number;
}

async function tryToListen({ host, port }: Listening): Promise<PortState> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = codeOf(error);
      // EACCES: a port below 1024 that only root may take; the engine may well be allowed to.
      if (code === 'EADDRINUSE') resolve('taken');
      else if (code === 'EACCES') resolve('free');
      else if (code === 'EADDRNOTAVAIL') resolve('no such address');
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve('free')));
  });
}
