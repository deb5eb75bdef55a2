import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

/** A server of a test on the loopback interface. */
export interface TestServer extends AsyncDisposable {
  port: number;
}

async function serving(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function httpServer(): Promise<TestServer> {
  return await serving(createHttpServer((_request, response) => response.end('hello')));
}

/** Accepts connections and does with them what is told. */
export async function tcpServer(handle: (socket: Socket) => void): Promise<TestServer> {
  return await serving(createServer(handle));
}

/** Forwards connections to another port, which may be changed on the way. */
export async function forwarder(target: number): Promise<TestServer & { target: number }> {
  const server = Object.assign(
    await tcpServer((socket) => {
      const onward = connect({ host: '127.0.0.1', port: server.target });
      onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    }),
    { target },
  );
  return server;
}

/** A key and a certificate of its own for `kcluster-test`, as PEM files. */
export function certificate(directory: string): { key: string; cert: string } {
  const key = join(directory, 'key.pem');
  const cert = join(directory, 'cert.pem');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
      ...['-subj', '/CN=kcluster-test', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { key, cert };
}

/** Speaks TLS, and echoes in it. */
export async function tlsServer(
  { key, cert }: { key: string; cert: string },
  options: { requestCert?: boolean } = {},
): Promise<TestServer> {
  const server = createTlsServer(
    {
      key: readFileSync(key),
      cert: readFileSync(cert),
      ...options,
      ...(options.requestCert && { ca: readFileSync(cert), rejectUnauthorized: true }),
    },
    (socket) => socket.on('error', () => undefined).pipe(socket),
  );
  return await serving(server);
}
