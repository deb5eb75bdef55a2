import type { Duplex } from 'node:stream';
import { codeOf } from '../errors.js';

/** What the other side of a connection sent, and why the hearing ended. */
export interface Heard {
  bytes: Buffer;
  /** `failed`: there was no connection. `closed`: the other side ended it. */
  end: 'enough' | 'closed' | 'timeout' | 'failed';
  /** The code of the error that ended it, such as `ECONNRESET`. */
  code?: string;
}

/**
 * Says something on a stream that is being opened, and hears what the other side sends until that is enough, or the
 * connection ends, or `timeoutMs` have passed. The stream is destroyed afterwards.
 */
export async function hear(
  stream: Duplex,
  say: Buffer,
  enough: (heard: Buffer) => boolean,
  timeoutMs: number,
): Promise<Heard> {
  return await new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    let connected = false;
    const done = (end: Heard['end'], error?: unknown): void => {
      clearTimeout(timer);
      stream.destroy();
      const code = codeOf(error);
      resolve({ bytes, end, ...(code !== undefined && { code }) });
    };
    // Only a connection that stood can be reset, even where the reset is told before it.
    const stood = (error: unknown): boolean => connected || codeOf(error) === 'ECONNRESET';
    const ended = (error?: unknown): void => done(stood(error) ? 'closed' : 'failed', error);
    const timer = setTimeout(() => done('timeout'), timeoutMs);
    stream.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (enough(bytes)) done('enough');
    });
    stream.on('error', ended).on('end', ended).on('close', ended);
    stream.on('connect', () => {
      connected = true;
      if (say.length > 0) stream.write(say);
    });
  });
}
