import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { KclusterError } from '../../errors.js';
import { homeDirectory } from '../../system/directories.js';
import { isLoopback } from '../../topology/address.js';
import { currentContext, dockerConfigDirectory, readContext } from './context.js';
import { readTls, type TlsMaterial } from './tls.js';

/** Where a Docker daemon answers. */
export type Endpoint =
  { kind: 'socket'; path: string } | { kind: 'tcp'; host: string; port: number; tls?: TlsMaterial };

/**
 * The daemon that the Docker CLI would talk to, by the CLI's own precedence: DOCKER_HOST, DOCKER_CONTEXT, the
 * current context of config.json, the default socket.
 * @throws KclusterError noEngine when the setting is wrong or means a daemon that kcluster cannot use
 */
export function resolveEndpoint(env: NodeJS.ProcessEnv): Endpoint {
  const host = env['DOCKER_HOST'];
  if (host) return parseHost(host, 'DOCKER_HOST', () => tlsOfEnvironment(env));
  const name = currentContext(env);
  if (name === undefined) return { kind: 'socket', path: defaultSocket(env) };
  const context = readContext(dockerConfigDirectory(env), name);
  return parseHost(context.host, `the docker context "${name}"`, () =>
    context.tlsDirectory === undefined
      ? undefined
      : readTls(context.tlsDirectory, { verify: !context.skipTlsVerify }),
  );
}

/** `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375` */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.kind === 'socket') return `unix://${endpoint.path}`;
  const { host, port } = endpoint;
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The host of a daemon on another machine; undefined of one on this machine. */
export function hostElsewhere(endpoint: Endpoint): string | undefined {
  return endpoint.kind === 'tcp' && !isLoopback(endpoint.host) ? endpoint.host : undefined;
}

/**
 * Reads an address as DOCKER_HOST has it; `origin` is who says so, `tls` gives the material for tcp.
 * @throws KclusterError noEngine for what is no address, or one that is reached by ssh
 */
export function parseHost(
  text: string,
  origin: string,
  tls: () => TlsMaterial | undefined,
): Endpoint {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'unix':
      if (!rest.startsWith('/')) throw notAnAddress(text, origin);
      return { kind: 'socket', path: rest };
    case 'tcp':
    case 'http':
    case 'https':
      return tcpEndpoint(text, rest, origin, tls);
    case 'ssh':
      throw overSsh(text, rest, origin);
    case 'npipe':
      throw new KclusterError('noEngine', `${origin} is a Windows pipe, ${text}`, {
        hints: ['Run kcluster inside WSL, where Docker has a Unix socket.'],
      });
    default:
      throw notAnAddress(text, origin);
  }
}

function tcpEndpoint(
  text: string,
  rest: string,
  origin: string,
  tls: () => TlsMaterial | undefined,
): Endpoint {
  const { host, port: written } = hostAndPort(rest) ?? {};
  if (!host) throw notAnAddress(text, origin);
  const material = tls();
  // The ports that Docker has registered with IANA.
  const port = written ?? (material ? 2376 : 2375);
  return { kind: 'tcp', host, port, ...(material && { tls: material }) };
}

/** The host, an IPv6 address without its brackets, and the port where there is one. */
function hostAndPort(text: string): { host: string; port?: number } | undefined {
  if (!URL.canParse(`tcp://${text}`)) return undefined;
  const { hostname, port } = new URL(`tcp://${text}`);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    ...(port !== '' && { port: Number(port) }),
  };
}

/** By the CLI's rule: DOCKER_TLS_VERIFY with any value asks for TLS, with the files of DOCKER_CERT_PATH. */
function tlsOfEnvironment(env: NodeJS.ProcessEnv): TlsMaterial | undefined {
  if (!env['DOCKER_TLS_VERIFY']) return undefined;
  return readTls(env['DOCKER_CERT_PATH'] || dockerConfigDirectory(env), { verify: true });
}

/**
 * The first of the usual sockets that this user may use, such as that of a rootless daemon beside the system's; else the
 * first that exists, and the first of all when none does.
 */
function defaultSocket(env: NodeJS.ProcessEnv): string {
  const system = '/var/run/docker.sock';
  const runtime = env['XDG_RUNTIME_DIR'];
  const candidates = [
    system,
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    join(homeDirectory(env) ?? '/', '.docker', 'run', 'docker.sock'),
  ];
  return candidates.find(mayUse) ?? candidates.find((path) => existsSync(path)) ?? system;
}

function mayUse(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function notAnAddress(text: string, origin: string): KclusterError {
  return new KclusterError('noEngine', `${origin} is not the address of a Docker daemon: ${text}`, {
    hints: ['Write it as unix:///var/run/docker.sock or tcp://127.0.0.1:2375.'],
  });
}

function onAnotherMachine(text: string, origin: string): KclusterError {
  return new KclusterError(
    'noEngine',
    `${origin} is a Docker daemon on another machine, ${text}: the cluster's ports would be published on that machine's loopback, which clients here cannot reach`,
    {
      hints: [
        'Run kcluster on that machine, or use a daemon of this one: `docker context use default`, and DOCKER_HOST unset.',
        'Run without Docker: `kcluster up --engine process`.',
      ],
    },
  );
}

function overSsh(text: string, rest: string, origin: string): KclusterError {
  const host = hostAndPort(rest)?.host;
  if (!host) return notAnAddress(text, origin);
  if (!isLoopback(host)) return onAnotherMachine(text, origin);
  return new KclusterError(
    'noEngine',
    `${origin} reaches this machine's own Docker by ssh, ${text}`,
    {
      hints: ['Use its socket: DOCKER_HOST=unix:///var/run/docker.sock.'],
    },
  );
}
