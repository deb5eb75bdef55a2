import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  formatEndpoint,
  hostElsewhere,
  parseHost,
  resolveEndpoint,
} from '../../../src/engines/docker/endpoint.js';
import { KclusterError } from '../../../src/errors.js';

let home: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kcluster-endpoint-'));
  env = { HOME: home };
});
afterEach(() => rmSync(home, { recursive: true }));

function write(path: string, content: unknown): void {
  const full = join(home, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
}

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex');

function writeContext(name: string, docker: unknown, directory = '.docker'): void {
  write(`${directory}/contexts/meta/${idOf(name)}/meta.json`, {
    Name: name,
    Endpoints: { docker },
  });
}

function failure(body: () => unknown): KclusterError {
  try {
    body();
  } catch (error) {
    if (error instanceof KclusterError) return error;
    throw error;
  }
  throw new Error('did not throw');
}

describe('DOCKER_HOST', () => {
  it.each([
    ['unix:///run/user/1000/docker.sock', 'unix:///run/user/1000/docker.sock'],
    ['tcp://127.0.0.1:2375', 'tcp://127.0.0.1:2375'],
    ['tcp://localhost', 'tcp://localhost:2375'],
    ['localhost:4243', 'tcp://localhost:4243'],
    ['tcp://[::1]:2375', 'tcp://[::1]:2375'],
    ['http://127.0.0.5:80', 'tcp://127.0.0.5:80'],
    ['tcp://docker:2375', 'tcp://docker:2375'],
    ['tcp://10.0.0.7', 'tcp://10.0.0.7:2375'],
  ])('%s', (host, endpoint) => {
    expect(formatEndpoint(resolveEndpoint({ ...env, DOCKER_HOST: host }))).toBe(endpoint);
  });

  it.each([
    ['ssh://ann@build.example.org', 'on another machine'],
    ['ssh://localhost', 'by ssh'],
    ['npipe:////./pipe/docker_engine', 'Windows pipe'],
    ['unix://docker.sock', 'not the address'],
    ['unix://', 'not the address'],
    ['tcp://', 'not the address'],
    ['tcp://127.0.0.1:99999', 'not the address'],
    ['ftp://localhost', 'not the address'],
    ['ssh://', 'not the address'],
  ])('refuses %s', (host, words) => {
    const error = failure(() => resolveEndpoint({ ...env, DOCKER_HOST: host }));
    expect(error.kind).toBe('noEngine');
    expect(error.message).toContain(words);
    expect(error.message).toContain(host);
    expect(error.message).toContain('DOCKER_HOST');
    expect(error.hints).not.toEqual([]);
  });

  it.each([
    ['tcp://docker:2375', 'docker'],
    ['tcp://10.0.0.7', '10.0.0.7'],
    ['tcp://localhost', undefined],
    ['tcp://[::1]:2375', undefined],
    ['unix:///docker.sock', undefined],
  ])('%s is of the machine %s', (host, machine) => {
    expect(hostElsewhere(resolveEndpoint({ ...env, DOCKER_HOST: host }))).toBe(machine);
  });

  it('wins over DOCKER_CONTEXT, as in the Docker CLI', () => {
    const both = { ...env, DOCKER_HOST: 'unix:///a.sock', DOCKER_CONTEXT: 'nowhere' };
    expect(resolveEndpoint(both)).toEqual({ kind: 'socket', path: '/a.sock' });
  });

  it('takes TLS files from DOCKER_CERT_PATH when DOCKER_TLS_VERIFY is set', () => {
    for (const file of ['ca', 'cert', 'key']) write(`certs/${file}.pem`, file);
    const secured = {
      ...env,
      DOCKER_HOST: 'tcp://localhost',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: join(home, 'certs'),
    };
    expect(resolveEndpoint(secured)).toEqual({
      kind: 'tcp',
      host: 'localhost',
      port: 2376,
      tls: {
        verify: true,
        ca: Buffer.from('ca'),
        cert: Buffer.from('cert'),
        key: Buffer.from('key'),
      },
    });
  });

  it('names the directory that lacks the TLS files', () => {
    const secured = { ...env, DOCKER_HOST: 'tcp://localhost', DOCKER_TLS_VERIFY: '1' };
    const error = failure(() => resolveEndpoint(secured));
    expect(error).toMatchObject({
      kind: 'noEngine',
      message: `no TLS files for Docker in ${join(home, '.docker')}`,
    });
  });
});

describe('docker contexts', () => {
  it('takes DOCKER_CONTEXT before the current context', () => {
    write('.docker/config.json', { currentContext: 'one' });
    writeContext('one', { Host: 'unix:///one.sock' });
    writeContext('two', { Host: 'unix:///two.sock' });
    expect(resolveEndpoint(env)).toEqual({ kind: 'socket', path: '/one.sock' });
    expect(resolveEndpoint({ ...env, DOCKER_CONTEXT: 'two' })).toEqual({
      kind: 'socket',
      path: '/two.sock',
    });
  });

  it('looks in DOCKER_CONFIG', () => {
    write('elsewhere/config.json', { currentContext: 'x' });
    writeContext('x', { Host: 'unix:///x.sock' }, 'elsewhere');
    const configured = { ...env, DOCKER_CONFIG: join(home, 'elsewhere') };
    expect(resolveEndpoint(configured)).toEqual({ kind: 'socket', path: '/x.sock' });
  });

  it('reads the TLS files of a context', () => {
    write('.docker/config.json', { currentContext: 'tls' });
    writeContext('tls', { Host: 'tcp://127.0.0.1:2376', SkipTLSVerify: true });
    write(`.docker/contexts/tls/${idOf('tls')}/docker/ca.pem`, 'ca');
    expect(resolveEndpoint(env)).toEqual({
      kind: 'tcp',
      host: '127.0.0.1',
      port: 2376,
      tls: { verify: false, ca: Buffer.from('ca') },
    });
  });

  it('says which context does not exist', () => {
    const error = failure(() => resolveEndpoint({ ...env, DOCKER_CONTEXT: 'gone' }));
    expect(error).toMatchObject({ kind: 'noEngine', message: 'there is no docker context "gone"' });
  });

  it('refuses a context of another machine, by its name', () => {
    write('.docker/config.json', { currentContext: 'far' });
    writeContext('far', { Host: 'ssh://ann@far.example.org' });
    const error = failure(() => resolveEndpoint(env));
    expect(error.message).toMatch(
      /^the docker context "far" is a Docker daemon on another machine/,
    );
  });

  it('refuses a context without a Docker endpoint', () => {
    writeContext('k8s', undefined);
    const error = failure(() => resolveEndpoint({ ...env, DOCKER_CONTEXT: 'k8s' }));
    expect(error.message).toBe('the docker context "k8s" names no Docker daemon');
  });

  it('names a config.json that is no JSON', () => {
    write('.docker/config.json', '{');
    const error = failure(() => resolveEndpoint(env));
    expect(error.kind).toBe('noEngine');
    expect(error.message).toContain(join(home, '.docker/config.json'));
    expect(error.message).not.toContain('\n');
  });
});

describe('the default socket', () => {
  // What exists is up to the machine: with a system socket it always wins.
  it.each(['default', undefined])('is taken with the context %s', (name) => {
    write('.docker/config.json', { currentContext: name });
    const endpoint = resolveEndpoint(env);
    expect(endpoint).toEqual({ kind: 'socket', path: '/var/run/docker.sock' });
  });

  it('is taken although a context is current, with DOCKER_CONTEXT=default', () => {
    write('.docker/config.json', { currentContext: 'one' });
    writeContext('one', { Host: 'unix:///one.sock' });
    expect(resolveEndpoint({ ...env, DOCKER_CONTEXT: 'default' })).toEqual({
      kind: 'socket',
      path: '/var/run/docker.sock',
    });
  });
});

it('does not read TLS files for a socket', () => {
  const endpoint = parseHost('unix:///x.sock', 'a test', () => {
    throw new Error('read');
  });
  expect(endpoint).toEqual({ kind: 'socket', path: '/x.sock' });
});
