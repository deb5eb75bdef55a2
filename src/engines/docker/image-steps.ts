import type Dockerode from 'dockerode';
import { interrupted } from '../../errors.js';
import { found, isApiError, reasonOf } from './api-errors.js';
import { isLocalImage, missingImage, pullFailure } from './image-errors.js';
import { lines } from './lines.js';
import { PullProgress, type PullMessage } from './pull-progress.js';
import type { StepScope } from './step-scope.js';

/** Has the image on the machine afterwards; the only step that ends early on abort. */
export async function fetchImage(scope: StepScope, { image }: { image: string }): Promise<void> {
  const { docker, signal, emit } = scope;
  if (await found(docker.getImage(image).inspect())) return;
  if (isLocalImage(image)) throw missingImage(image);
  try {
    await pull(scope, image);
  } catch (error) {
    if (signal.aborted) throw interrupted();
    // No such image is an answer of the registry (404), passed on by Docker before the stream begins.
    throw isApiError(error) ? pullFailure(image, reasonOf(error), error) : error;
  } finally {
    emit({ type: 'progress-done', task: image });
  }
}

async function pull({ docker, signal, emit }: StepScope, image: string): Promise<void> {
  if (signal.aborted) throw interrupted();
  const stream = await begin(docker, image, signal);
  const progress = new PullProgress();
  for await (const line of lines(stream)) {
    if (line === '') continue;
    const message = JSON.parse(line) as PullMessage;
    if (message.error !== undefined) throw pullFailure(image, message.error);
    const bytes = progress.add(message);
    if (bytes) emit({ type: 'progress', task: image, ...bytes });
  }
}

/** Docker goes on pulling as long as the stream of the answer is open; the signal closes it. */
async function begin(
  docker: Dockerode,
  image: string,
  signal: AbortSignal,
): Promise<NodeJS.ReadableStream> {
  return await docker.pull(image, { abortSignal: signal });
}
