import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Jar, ClassPath } from '../../src/jars/lock.js';

export interface Fake {
  jar: Jar;
  content: Buffer;
}

/** A jar of nonsense, the same for the same name. */
export function fakeJar(artifact: string, size: number): Fake {
  const content = Buffer.alloc(size);
  for (let i = 0, x = artifact.length; i < size; i++) {
    x = (x * 1103515245 + 12345) & 0x7fffffff;
    content[i] = x >> 16;
  }
  const jar = {
    coordinates: `org.example:${artifact}:1.0`,
    path: `org/example/${artifact}/1.0/${artifact}-1.0.jar`,
    sha256: createHash('sha256').update(content).digest('hex'),
    size,
  };
  return { jar, content };
}

export function classPathOf(fakes: readonly Fake[]): ClassPath {
  return { name: 'kafka-0.0.0', jars: fakes.map(({ jar }) => jar) };
}

/** Answers in place of the ordinary way; false leaves the request to it. */
type Quirk = (request: IncomingMessage, response: ServerResponse, content: Buffer) => boolean;

export interface RepositoryServer {
  url: string;
  /** What was asked for, in order. */
  requests: { path: string; range: string | undefined }[];
  quirk: Quirk;
  /** Serves a jar under another path too. */
  alias: (path: string, fake: Fake) => void;
  /** Sockets that are open. */
  connections: () => Promise<number>;
  close: () => Promise<void>;
}

/** A Maven repository on a free port of 127.0.0.1 that knows ranges. */
export async function repositoryServer(fakes: readonly Fake[]): Promise<RepositoryServer> {
  const contents = new Map(fakes.map(({ jar, content }) => [`/${jar.path}`, content]));
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const { range } = request.headers;
    repository.requests.push({ path, range });
    const content = contents.get(path);
    if (content === undefined) response.writeHead(404).end('no such file');
    else if (!repository.quirk(request, response, content)) serve(response, content, range);
  });
  const repository: RepositoryServer = {
    url: '',
    requests: [],
    quirk: () => false,
    alias: (path, { content }) => contents.set(path, content),
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  repository.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return repository;
}

function serve(response: ServerResponse, content: Buffer, range: string | undefined): void {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const body = content.subarray(start);
  const headers = { 'content-length': body.length };
  if (range === undefined) response.writeHead(200, headers);
  else {
    const to = content.length;
    response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${to - 1}/${to}` });
  }
  response.end(body);
}
