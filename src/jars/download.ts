import { open } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { DownloadError, networkError } from './failures.js';
import { discardPart, partSize } from './part.js';

/** One file to fetch, whose size is known. */
export interface Download {
  url: string;
  authorization: string | undefined;
  size: number;
  /** The part file, which is gone on with where it ends. */
  part: string;
  dispatcher: Dispatcher;
  signal: AbortSignal;
  /** Is told the bytes of the part whenever they have changed. */
  onBytes: (bytes: number) => void;
  /** Does something with the part file, and translates its failures. */
  onDisk: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * One request for what the part still lacks; resolves when the part has its full size.
 * @throws DownloadError; what has arrived by then stays in the part.
 */
export async function downloadRest(download: Download): Promise<void> {
  const start = await download.onDisk(() => usableStart(download));
  download.onBytes(start);
  if (start === download.size) return;
  const response = await get(download, start);
  try {
    const offset = await download.onDisk(() => acceptedOffset(response, start, download));
    await append(response, offset, download);
  } catch (error) {
    response.body.on('error', () => undefined).destroy();
    throw error;
  }
}

async function usableStart({ part, size }: Download): Promise<number> {
  const bytes = await partSize(part);
  if (bytes <= size) return bytes;
  await discardPart(part);
  return 0;
}

async function get(download: Download, start: number): Promise<Dispatcher.ResponseData> {
  const { request } = await import('undici');
  const { url, authorization, dispatcher, signal } = download;
  try {
    return await request(url, {
      dispatcher,
      signal,
      headers: {
        'user-agent': 'kcluster',
        'accept-encoding': 'identity',
        ...(authorization === undefined ? {} : { authorization }),
        ...(start > 0 ? { range: `bytes=${start}-` } : {}),
      },
    });
  } catch (error) {
    throw networkError(error);
  }
}

/** Where in the file the response begins; a server that does not know ranges sends it from the beginning. */
async function acceptedOffset(
  { statusCode, headers }: Dispatcher.ResponseData,
  start: number,
  { size, part }: Download,
): Promise<number> {
  if (statusCode === 416) {
    await discardPart(part);
    throw new DownloadError('the server has no such range of it', true);
  }
  if (statusCode !== 200 && statusCode !== 206) throw refusal(statusCode);
  const range = /^bytes (\d+)-/.exec(String(headers['content-range'] ?? ''));
  const offset = statusCode === 206 ? Number(range?.[1]) : 0;
  if (offset !== 0 && offset !== start) {
    await discardPart(part);
    throw new DownloadError('the server sent another range than it was asked for', true);
  }
  const length = headers['content-length'];
  if (length !== undefined && Number(length) !== size - offset) {
    await discardPart(part);
    throw new DownloadError(`it has ${offset + Number(length)} bytes there, not ${size}`, false);
  }
  return offset;
}

function refusal(status: number): DownloadError {
  const transient = status === 408 || status === 429 || status >= 500;
  return new DownloadError(`HTTP status ${status}`, transient);
}

async function append(
  response: Dispatcher.ResponseData,
  offset: number,
  download: Download,
): Promise<void> {
  const { part, size, onBytes, onDisk } = download;
  let bytes = offset;
  const file = await onDisk(() => open(part, offset === 0 ? 'w' : 'a'));
  try {
    for await (const chunk of chunksOf(response)) {
      await onDisk(() => file.appendFile(chunk));
      onBytes((bytes += chunk.length));
      if (bytes > size) throw new DownloadError(`it has more than ${size} bytes there`, false);
    }
  } finally {
    await file.close();
  }
  if (bytes < size)
    throw new DownloadError(`the connection ended at ${bytes} of ${size} bytes`, true);
}

async function* chunksOf(response: Dispatcher.ResponseData): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of response.body) yield chunk as Buffer;
  } catch (error) {
    throw networkError(error);
  }
}
