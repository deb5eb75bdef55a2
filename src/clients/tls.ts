import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { codeOf } from '../errors.js';
import type { Address } from '../topology/address.js';
import type { Dial } from './kafka.js';

/**
 * The same way with TLS on top. Certificates are not verified: this is to find out who speaks, not to trust him.
 * @param name what the client calls the server, for a server that has several certificates
 */
export function tlsDial(dial: Dial, name: string): (to: Address) => TLSSocket {
  return (to) =>
    connect({
      socket: dial(to),
      rejectUnauthorized: false,
      ...(isIP(name) === 0 && { servername: name }),
    });
}

/** What came of a TLS handshake. */
export interface TlsAnswer {
  /** The common name of the server's certificate. */
  subject?: string;
  /** The code of the TLS alert with which the server refused. */
  alert?: string;
}

/** Begins a TLS session; undefined when the other side does not speak TLS, or not in time. */
export async function shakeHands(
  stream: TLSSocket,
  timeoutMs: number,
): Promise<TlsAnswer | undefined> {
  return await new Promise((resolve) => {
    const done = (answer?: TlsAnswer): void => {
      clearTimeout(timer);
      stream.destroy();
      resolve(answer);
    };
    const timer = setTimeout(done, timeoutMs);
    stream.on('secureConnect', () => {
      const subject = commonName(stream);
      done(subject === undefined ? {} : { subject });
    });
    stream.on('error', (error) => {
      const alert = alertOf(error);
      done(alert === undefined ? undefined : { alert });
    });
    stream.on('close', () => done());
  });
}

/** A certificate may be missing, or have several names, or none. */
function commonName(stream: TLSSocket): string | undefined {
  const subject = stream.getPeerCertificate().subject as { CN?: string | string[] } | undefined;
  return [subject?.CN].flat()[0];
}

/** An alert is sent by somebody who speaks TLS; other errors of a handshake tell of somebody who does not. */
function alertOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /_(ALERT|UNRECOGNIZED_NAME)/.test(code) ? code : undefined;
}

/** Whether a TLS server refused since the client has no certificate. @param code of an alert, as OpenSSL names it */
export function isCertificateWanted(code: string | undefined): boolean {
  return code !== undefined && /ALERT_(BAD_CERTIFICATE|CERTIFICATE_REQUIRED)/.test(code);
}
