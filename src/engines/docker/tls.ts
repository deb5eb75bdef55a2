import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, KclusterError, messageOf } from '../../errors.js';

/** What a client shows to a daemon that asks for TLS, in PEM. */
export interface TlsMaterial {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  /** Whether the daemon's certificate must be good. */
  verify: boolean;
}

/**
 * Reads ca.pem, cert.pem and key.pem, the names of DOCKER_CERT_PATH and of docker contexts. A file that is not
 * there is left out; a directory without any of them is an error.
 * @throws KclusterError noEngine
 */
export function readTls(directory: string, { verify }: { verify: boolean }): TlsMaterial {
  const ca = read(join(directory, 'ca.pem'));
  const cert = read(join(directory, 'cert.pem'));
  const key = read(join(directory, 'key.pem'));
  if (!ca && !cert && !key)
    throw new KclusterError('noEngine', `no TLS files for Docker in ${directory}`, {
      hints: ['Put ca.pem, cert.pem and key.pem there, or set DOCKER_CERT_PATH.'],
    });
  return { verify, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new KclusterError('noEngine', `cannot read ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
