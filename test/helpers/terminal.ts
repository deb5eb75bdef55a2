import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/report/output.js';

/** A terminal that keeps what is written. */
export function terminal(env: Record<string, string> = {}, isTTY = false) {
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    Object.assign(new PassThrough(), { isTTY, columns: 100, rows: 40 }).on(
      'data',
      (chunk: Buffer) => (written[name] += chunk.toString()),
    ) as unknown as NodeJS.WriteStream;
  return {
    written,
    terminal: { stdout: stream('stdout'), stderr: stream('stderr'), env } as Terminal,
  };
}
