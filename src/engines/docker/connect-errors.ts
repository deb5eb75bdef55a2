import { codeOf, KclusterError, messageOf } from '../../errors.js';
import { isApiError, reasonOf } from './api-errors.js';
import { formatEndpoint, type Endpoint } from './endpoint.js';

/** A hint for every failure to connect. */
export const withoutDocker = 'Or run without Docker: `kcluster up --engine process`.';

/** Says why a daemon did not answer its first request, in one line that also reads as a reason. */
export function connectError(
  error: unknown,
  endpoint: Endpoint,
  { limitMs }: { limitMs: number },
): KclusterError {
  const where = formatEndpoint(endpoint);
  const failure = (message: string, ...hints: string[]): KclusterError =>
    new KclusterError('noEngine', message, { hints: [...hints, withoutDocker], cause: error });
  const start = 'Start Docker: `sudo systemctl start docker`, or open Docker Desktop.';
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure(
        `there is no Docker socket at ${where}: Docker is not installed or not started`,
        start,
      );
    case 'ECONNREFUSED':
      return failure(`nothing listens at ${where}: the Docker daemon is down`, start);
    case 'EACCES':
    case 'EPERM':
      return failure(
        `no permission to use the Docker socket at ${where}`,
        'Join the group that may: `sudo usermod -aG docker $USER`, and log in again.',
      );
    case 'ETIMEDOUT':
      return failure(
        `Docker at ${where} did not answer within ${limitMs / 1000} s`,
        'See what holds it up with `docker version`; restart it with `sudo systemctl restart docker`.',
      );
    default:
      return failure(...otherFailure(error, where));
  }
}

function otherFailure(error: unknown, where: string): [message: string, ...hints: string[]] {
  const reason = reasonOf(error);
  if (/HTTP request to an HTTPS server/i.test(reason))
    return [
      `Docker at ${where} wants TLS`,
      'Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the directory of ca.pem, cert.pem and key.pem.',
    ];
  if (isTlsFailure(error))
    return [
      `no TLS connection with Docker at ${where}: ${opensslReason(error) ?? reason}`,
      'See that the certificates in DOCKER_CERT_PATH, or of the docker context, belong to this daemon.',
    ];
  if (isApiError(error)) return [`Docker at ${where} answered with an error: ${reason}`];
  return [`Docker at ${where} cannot be reached: ${reason}`];
}

/** By the codes of Node.js: OpenSSL's names for a bad certificate, and ERR_TLS_*, ERR_SSL_*, EPROTO. */
function isTlsFailure(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  return (
    /^ERR_(TLS|SSL)_|^EPROTO$|CERT|SIGNATURE/.test(code) || /\b(tls|ssl)\b/i.test(messageOf(error))
  );
}

/** `wrong version number`, out of OpenSSL's long line. */
function opensslReason(error: unknown): string | undefined {
  const reason = (error as { reason?: unknown }).reason;
  return typeof reason === 'string' ? reason : undefined;
}
