import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, KclusterError, messageOf } from '../../errors.js';
import { homeDirectory } from '../../system/directories.js';

/** What a docker context says of its daemon. */
export interface DockerContext {
  /** As in DOCKER_HOST: `unix:///run/docker.sock`. */
  host: string;
  /** The directory with ca.pem, cert.pem and key.pem, if the context has TLS material. */
  tlsDirectory?: string;
  skipTlsVerify: boolean;
}

/** The name that stands for "no context": the platform's default socket. */
const noContext = 'default';

/** The directory of the Docker CLI's own files. */
export function dockerConfigDirectory(env: NodeJS.ProcessEnv): string {
  return env['DOCKER_CONFIG'] || join(homeDirectory(env) ?? '/', '.docker');
}

/**
 * The name of the docker context in use: DOCKER_CONTEXT, else currentContext of config.json; undefined for the
 * default one. @throws KclusterError noEngine when config.json cannot be read
 */
export function currentContext(env: NodeJS.ProcessEnv): string | undefined {
  const name = env['DOCKER_CONTEXT'] || contextOfConfig(dockerConfigDirectory(env));
  return name === noContext ? undefined : name;
}

/**
 * Reads a context from where the Docker CLI keeps it: contexts/meta/<sha256 of the name>/meta.json, TLS files in
 * contexts/tls/<the same>/docker. @throws KclusterError noEngine when it is not there or names no daemon
 */
export function readContext(configDirectory: string, name: string): DockerContext {
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(configDirectory, 'contexts', 'meta', id, 'meta.json'));
  if (meta === undefined) throw noSuchContext(name);
  const { Host: host, SkipTLSVerify: skip } = endpointOf(meta);
  if (typeof host !== 'string' || host === '')
    throw new KclusterError('noEngine', `the docker context "${name}" names no Docker daemon`, {
      hints: ['Choose another one with `docker context use NAME` or DOCKER_CONTEXT.'],
    });
  const tlsDirectory = join(configDirectory, 'contexts', 'tls', id, 'docker');
  return {
    host,
    skipTlsVerify: skip === true,
    ...(existsSync(tlsDirectory) && { tlsDirectory }),
  };
}

function noSuchContext(name: string): KclusterError {
  return new KclusterError('noEngine', `there is no docker context "${name}"`, {
    hints: [
      'List the contexts with `docker context ls`; choose one with `docker context use NAME` or DOCKER_CONTEXT.',
    ],
  });
}

function contextOfConfig(directory: string): string | undefined {
  const name = property(readJson(join(directory, 'config.json')), 'currentContext');
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function endpointOf(meta: unknown): { Host?: unknown; SkipTLSVerify?: unknown } {
  return property(property(meta, 'Endpoints'), 'docker') ?? {};
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** The parsed file, or undefined when it is not there. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw new KclusterError('noEngine', `cannot read ${path}: ${oneLine(messageOf(error))}`, {
      hints: ['Mend the file, or set DOCKER_HOST.'],
      cause: error,
    });
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
