import { codeOf, KclusterError, messageOf } from '../errors.js';
import type { MavenRepository } from './repository.js';

/** Codes of the file system that mean: take another directory, or mend this one. */
const unusable: Record<string, string> = {
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
};

/**
 * Does something with the cache.
 * @throws KclusterError `startFailed` where the directory cannot be used.
 */
export async function onDisk<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = unusable[codeOf(error) ?? ''];
    if (why === undefined) throw error;
    throw new KclusterError('startFailed', `cannot keep jars in ${directory}: ${why}`, {
      hints: ['Set KCLUSTER_CACHE to a directory that can be written to.'],
      details: [messageOf(error)],
      cause: error,
    });
  }
}

/** A request that failed; `transient` when the same request may work a moment later. */
export class DownloadError extends Error {
  readonly transient: boolean;

  constructor(message: string, transient: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'DownloadError';
    this.transient = transient;
  }
}

/** Reads what undici threw. */
export function networkError(error: unknown): DownloadError {
  const code = codeOf(error) ?? codeOf((error as { cause?: unknown } | null)?.cause) ?? '';
  if (code === 'ENOTFOUND') {
    return new DownloadError(
      'its name does not resolve; this machine may be offline',
      false,
      error,
    );
  }
  if (/^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO)/.test(code)) {
    return new DownloadError(`no trusted TLS connection (${code})`, false, error);
  }
  return new DownloadError(messageOf(error) || code, true, error);
}

/** The end of a download that retries could not mend, in the words of the user. */
export function downloadFailed(
  coordinates: string,
  url: string,
  repository: MavenRepository,
  error: DownloadError,
): KclusterError {
  const hints = ['Run it once with a network; after that the jars come from the cache.'];
  if (!repository.configured) {
    hints.push(
      'Set KCLUSTER_MAVEN_REPOSITORY to a mirror of Maven Central that this machine reaches.',
    );
  } else {
    hints.push(`Check KCLUSTER_MAVEN_REPOSITORY, which is ${repository.shown} now.`);
  }
  hints.push(
    repository.proxy === undefined
      ? 'Set HTTPS_PROXY if the network is behind a proxy.'
      : `Check the proxy, which is ${repository.proxy} now, or name the host in NO_PROXY.`,
  );
  if (/TLS/.test(error.message)) {
    hints.push(
      'Set NODE_EXTRA_CA_CERTS to the certificate of your own authority, if there is one.',
    );
  }
  return new KclusterError(
    'startFailed',
    `cannot fetch ${coordinates} from ${url}: ${error.message}`,
    {
      hints,
      cause: error,
    },
  );
}
