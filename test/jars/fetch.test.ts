import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import { ensureJars } from '../../src/jars/fetch.js';
import type { Event } from '../../src/report/events.js';
import {
  fakeJar,
  classPathOf,
  repositoryServer,
  type RepositoryServer,
} from './repository-server.js';

const fakes = [fakeJar('a', 300_000), fakeJar('bb', 200_000), fakeJar('ccc', 1000)];
const [a] = fakes as [(typeof fakes)[0]];
const classPath = classPathOf(fakes);
const total = 501_000;

let temp: string;
let server: RepositoryServer;
let events: Event[];
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'kcluster-jars-'));
  server = await repositoryServer(fakes);
  events = [];
  env = {
    KCLUSTER_CACHE: join(temp, 'cache'),
    KCLUSTER_MAVEN_REPOSITORY: server.url,
    HOME: join(temp, 'home'),
  };
});

afterEach(async () => {
  await server.close();
  await rm(temp, { recursive: true, force: true });
});

function ensure(signal = new AbortController().signal): Promise<string[]> {
  return ensureJars(classPath, { signal, emit: (event) => events.push(event), env });
}

const inCache = (path: string): string => join(temp, 'cache', 'jars', path);

function bytesSoFar(): number {
  return Math.max(0, ...events.map((event) => (event.type === 'progress' ? event.current : 0)));
}

async function expectAllIntact(files: string[]): Promise<void> {
  expect(files).toEqual(classPath.jars.map((jar) => inCache(jar.path)));
  for (const [i, file] of files.entries()) {
    expect((await readFile(file)).equals(fakes[i]!.content)).toBe(true);
  }
  expect(await filesInCache('.part')).toEqual([]);
}

async function filesInCache(suffix: string): Promise<string[]> {
  const names = await readdir(join(temp, 'cache'), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(suffix));
}

async function put(file: string, content: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function failureOf(work: Promise<unknown>): Promise<KclusterError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KclusterError);
  return error as KclusterError;
}

describe('ensureJars', () => {
  test('fetches all jars into an empty cache, in class path order, and tells how far it is', async () => {
    await expectAllIntact(await ensure());
    const last = events.findLast((event) => event.type === 'progress');
    expect(last).toEqual({ type: 'progress', task: 'jars', current: total, total });
    expect(events.at(-1)).toEqual({ type: 'progress-done', task: 'jars' });
  });

  test('touches no network when the cache is complete', async () => {
    await ensure();
    await server.close();
    events = [];
    await expectAllIntact(await ensure());
    expect(events).toEqual([]);
  });

  test('needs no stamps: it hashes what it has no stamp of', async () => {
    await ensure();
    await server.close();
    await rm(inCache('verified-kafka-0.0.0.json'));
    await expectAllIntact(await ensure());
  });

  test.each([
    ['of another content', (content: Buffer) => Buffer.from(content).fill(0, 5000, 5001)],
    ['of another length', (content: Buffer) => content.subarray(0, 5000)],
  ])('fetches a jar %s again, and says so', async (_, spoil) => {
    await ensure();
    const spoilt = spoil(a.content);
    expect(spoilt.equals(a.content)).toBe(false);
    await writeFile(inCache(a.jar.path), spoilt);
    server.requests.length = 0;
    events = [];
    await expectAllIntact(await ensure());
    expect(server.requests).toEqual([{ path: `/${a.jar.path}`, range: undefined }]);
    expect(events[0]).toEqual({
      type: 'notice',
      message: 'org.example:a:1.0 in the cache is corrupt; fetching it again',
    });
  });

  test('goes on where an earlier download ended', async () => {
    await put(`${inCache(a.jar.path)}.part`, a.content.subarray(0, 123_456));
    await expectAllIntact(await ensure());
    expect(server.requests).toContainEqual({ path: `/${a.jar.path}`, range: 'bytes=123456-' });
  });

  test('leaves a part alone that another process may be writing', async () => {
    const growing = `${inCache(a.jar.path)}.someone.part`;
    await put(growing, a.content.subarray(0, 1000));
    await ensure();
    expect((await stat(growing)).size).toBe(1000);
    expect(server.requests.every(({ range }) => range === undefined)).toBe(true);
  });

  test('begins anew when the server does not know ranges', async () => {
    server.quirk = (_, response, content) => {
      response.writeHead(200, { 'content-length': content.length }).end(content);
      return true;
    };
    await put(`${inCache(a.jar.path)}.part`, a.content.subarray(0, 1000));
    await expectAllIntact(await ensure());
  });

  test.each([
    ['that is wrong', Buffer.alloc(1000)],
    ['that is wrong and complete', Buffer.alloc(300_000)],
    ['that is too long', Buffer.alloc(300_001)],
    ['that is complete', a.content],
  ])('makes do with a part %s', async (_, part) => {
    await put(`${inCache(a.jar.path)}.part`, part);
    await expectAllIntact(await ensure());
  });

  test('refuses other content than the pinned one, and keeps none of it', async () => {
    server.quirk = (request, response, content) => {
      if (request.url !== `/${a.jar.path}`) return false;
      response.end(Buffer.from(content).reverse());
      return true;
    };
    const error = await failureOf(ensure());
    expect(error.kind).toBe('startFailed');
    expect(error.message).toContain('org.example:a:1.0');
    expect(error.message).toContain(`not the pinned ${a.jar.sha256}`);
    await expect(stat(inCache(a.jar.path))).rejects.toThrow('ENOENT');
    expect((await filesInCache('.part')).filter((name) => name.includes('/a-1.0'))).toEqual([]);
  });

  test('names the URL of what the repository does not have, and asks once', async () => {
    server.quirk = (_, response) => {
      response.writeHead(404).end();
      return true;
    };
    const error = await failureOf(ensure());
    expect(error.kind).toBe('startFailed');
    expect(error.message).toMatch(
      /^cannot fetch org\.example:\w+:1\.0 from http:.*: HTTP status 404$/,
    );
    expect(error.hints.join(' ')).toContain('KCLUSTER_MAVEN_REPOSITORY');
    expect(new Set(server.requests.map(({ path }) => path)).size).toBe(server.requests.length);
  });

  test('goes on after a server that breaks off, from where it broke off', async () => {
    let breaks = 2;
    server.quirk = (request, response, content) => {
      if (request.url !== `/${a.jar.path}` || breaks-- <= 0) return false;
      const start = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      const range = `bytes ${start}-${content.length - 1}/${content.length}`;
      response.writeHead(start ? 206 : 200, {
        'content-length': content.length - start,
        'content-range': range,
      });
      response.write(content.subarray(start, start + 100_000));
      // What has not been read by then would be lost.
      void vi
        .waitUntil(() => bytesSoFar() >= total - 200_000 + start)
        .then(() => response.destroy());
      return true;
    };
    await expectAllIntact(await ensure());
    const ranges = server.requests.filter(({ path }) => path === `/${a.jar.path}`);
    expect(ranges.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
  });

  test('tries again when the server is overloaded for a moment', async () => {
    let refusals = 2;
    server.quirk = (_, response) => {
      if (refusals-- <= 0) return false;
      response.writeHead(503).end();
      return true;
    };
    await expectAllIntact(await ensure());
  });

  test('gives up on a repository that is not there, and says what to do', async () => {
    await server.close();
    const error = await failureOf(ensure());
    expect(error.kind).toBe('startFailed');
    expect(error.message).toMatch(/ECONNREFUSED/);
    expect(error.hints).toContain('Set HTTPS_PROXY if the network is behind a proxy.');
    expect(error.hints).toContain(`Check KCLUSTER_MAVEN_REPOSITORY, which is ${server.url} now.`);
  });

  test('says that a name which does not resolve may mean to be offline', async () => {
    env['KCLUSTER_MAVEN_REPOSITORY'] = 'http://repository.invalid';
    const error = await failureOf(ensure());
    expect(error.message).toMatch(/does not resolve|EAI_AGAIN/);
  });

  test('refuses a repository that is not an HTTP URL', async () => {
    env['KCLUSTER_MAVEN_REPOSITORY'] = 'not a url';
    const error = await failureOf(ensure());
    expect(error.kind).toBe('usage');
    expect(error.message).toBe('KCLUSTER_MAVEN_REPOSITORY is not an HTTP URL: not a url');
  });

  test('sends user and password of the URL, and shows neither', async () => {
    env['KCLUSTER_MAVEN_REPOSITORY'] = server.url.replace('http://', 'http://me:secret@');
    const seen = new Set<string | undefined>();
    server.quirk = (request, response) => {
      seen.add(request.headers.authorization);
      response.writeHead(403).end();
      return true;
    };
    const error = await failureOf(ensure());
    expect([...seen]).toEqual([`Basic ${Buffer.from('me:secret').toString('base64')}`]);
    expect([error.message, ...error.hints].join(' ')).not.toContain('secret');
  });

  test('goes through the proxy of the environment, but for the hosts of NO_PROXY', async () => {
    env['HTTP_PROXY'] = '127.0.0.1:1';
    const error = await failureOf(ensure());
    expect(error.message).toMatch(/ECONNREFUSED.*:1\b/);
    expect(error.hints).toContain(
      'Check the proxy, which is http://127.0.0.1:1 now, or name the host in NO_PROXY.',
    );
    env['NO_PROXY'] = '127.0.0.1';
    await expectAllIntact(await ensure());
  });

  test('follows a redirect', async () => {
    const moved = `/moved/${a.jar.path}`;
    server.quirk = (request, response) => {
      if (request.url !== `/${a.jar.path}`) return false;
      response.writeHead(302, { location: moved }).end();
      return true;
    };
    server.alias(moved, a);
    await expectAllIntact(await ensure());
    expect(server.requests.map(({ path }) => path)).toContain(moved);
  });

  test.each(['cache', 'cache/jars'])('says when a part of the path is a file: %s', async (file) => {
    await put(join(temp, file), Buffer.from('in the way'));
    const error = await failureOf(ensure());
    expect(error.kind).toBe('startFailed');
    expect(error.message).toBe(
      `cannot keep jars in ${join(temp, 'cache', 'jars')}: a part of the path is a file`,
    );
    expect(error.hints.join(' ')).toContain('KCLUSTER_CACHE');
  });

  test('takes what Maven has fetched on this machine, if it is the same', async () => {
    const maven = (path: string): string => join(temp, 'home', '.m2', 'repository', path);
    await put(maven(fakes[0]!.jar.path), fakes[0]!.content);
    await put(maven(fakes[1]!.jar.path), Buffer.from(fakes[1]!.content).reverse());
    await expectAllIntact(await ensure());
    const paths = server.requests.map(({ path }) => path);
    expect(paths.toSorted()).toEqual([`/${fakes[1]!.jar.path}`, `/${fakes[2]!.jar.path}`]);
  });

  test('stops at once on abort, and goes on from there the next time', async () => {
    const abort = new AbortController();
    server.quirk = (request, response, content) => {
      if (request.url !== `/${a.jar.path}` || abort.signal.aborted) return false;
      // The rest never comes.
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 65_536));
      return true;
    };
    const work = ensureJars(classPath, {
      signal: abort.signal,
      env,
      emit: (event) => {
        events.push(event);
        if (event.type === 'progress' && event.current === total - 300_000 + 65_536) abort.abort();
      },
    });
    expect((await failureOf(work)).kind).toBe('interrupted');
    expect(events.at(-1)).toEqual({ type: 'progress-done', task: 'jars' });
    expect((await stat(`${inCache(a.jar.path)}.part`)).size).toBe(65_536);
    server.requests.length = 0;
    await expectAllIntact(await ensure());
    expect(server.requests).toEqual([{ path: `/${a.jar.path}`, range: 'bytes=65536-' }]);
  });

  test('does nothing when it is aborted before', async () => {
    const error = await failureOf(ensure(AbortSignal.abort()));
    expect(error.kind).toBe('interrupted');
    expect(server.requests).toEqual([]);
  });

  test('lets two at once fill one cache', async () => {
    await put(`${inCache(a.jar.path)}.part`, a.content.subarray(0, 100_000));
    const [first, second] = await Promise.all([ensure(), ensure()]);
    await expectAllIntact(first);
    await expectAllIntact(second);
    // The part went to one of them.
    const ranges = server.requests.filter(({ path }) => path === `/${a.jar.path}`);
    expect(ranges.map(({ range }) => range ?? 'all').toSorted()).toEqual(['all', 'bytes=100000-']);
  });

  test.runIf(process.platform === 'linux')('leaves no file or connection open', async () => {
    await ensure();
    server.quirk = (_, response) => {
      response.writeHead(404).end();
      return true;
    };
    await rm(inCache(a.jar.path));
    await failureOf(ensure());
    const open = await Promise.all(
      (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
    );
    expect(open.filter((target) => target.startsWith(temp))).toEqual([]);
    await expect.poll(() => server.connections()).toBe(0);
  });
});
