import { createServer } from 'node:net';
import { codeOf } from '../errors.js';

const loopback = '127.0.0.1';

/** Whether a process could listen on this port of the loopback interface now. */
export async function isPortFree(port: number): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      const code = codeOf(error);
      // EACCES: a port below 1024 that only root may take; the engine may well be allowed to.
      if (code === 'EADDRINUSE') resolve(false);
      else if (code === 'EACCES') resolve(true);
      else reject(error);
    });
    server.listen({ port, host: loopback, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
