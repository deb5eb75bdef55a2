import type Dockerode from 'dockerode';
import type { IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import type { LogLine, LogOptions } from '../../cluster/engine.js';
import { dockerFailure, statusOf } from './api-errors.js';
import { frames } from './frames.js';
import { LineSplitter } from './lines.js';
import { listContainers } from './observe.js';

/**
 * The lines of a node's stdout and stderr. Ends when Docker has no more, the container ends, or the signal aborts.
 * A node that is not there has no lines.
 */
export async function* logs(
  docker: Dockerode,
  project: string,
  service: string,
  options: LogOptions,
): AsyncGenerator<LogLine> {
  const { signal } = options;
  try {
    const [container] = await listContainers(docker, project, service);
    if (!container) return;
    const stream = await openLogs(docker, container.Id, options);
    for await (const line of demuxedLines(endingOn(signal, stream))) yield { service, line };
  } catch (error) {
    if (signal?.aborted || statusOf(error) === 404) return;
    throw dockerFailure(error, `read the logs of ${service}`);
  }
}

/** The stream, destroyed when the signal aborts; whoever reads it then gets an error. */
function endingOn(signal: AbortSignal | undefined, stream: IncomingMessage): IncomingMessage {
  return signal ? addAbortSignal(signal, stream) : stream;
}

/** Lines of the two streams, in the order in which they end; the bytes of one line may come in several frames. */
async function* demuxedLines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  const splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() };
  for await (const { channel, payload } of frames(stream)) yield* splitters[channel].push(payload);
  yield* splitters.stdout.end();
  yield* splitters.stderr.end();
}

/** Asks the modem itself, because dockerode gives a stream only when it follows, and else reads all into memory. */
async function openLogs(
  docker: Dockerode,
  id: string,
  { tail, follow = false }: LogOptions,
): Promise<IncomingMessage> {
  const request = {
    path: `/containers/${id}/logs?`,
    method: 'GET',
    isStream: true,
    statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
    options: { stdout: true, stderr: true, follow, tail: tail ?? 'all' },
  };
  return await new Promise((resolve, reject) => {
    const modem = docker.modem as {
      dial(r: typeof request, done: (error: Error | null, stream: IncomingMessage) => void): void;
    };
    modem.dial(request, (error, stream) => (error ? reject(error) : resolve(stream)));
  });
}
