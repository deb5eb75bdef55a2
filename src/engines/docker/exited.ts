import type Dockerode from 'dockerode';
import type { ExitStatus } from '../../cluster/engine.js';
import { interrupted } from '../../errors.js';
import { unlessAborted } from '../../system/abort.js';
import { dockerFailure, found } from './api-errors.js';
import { listContainers } from './observe.js';

/**
 * Waits until the node's process has ended; a node that is gone has ended too, with a code that nobody knows.
 * @throws KclusterError interrupted when the signal aborts
 */
export async function exited(
  docker: Dockerode,
  project: string,
  service: string,
  signal: AbortSignal,
): Promise<ExitStatus> {
  try {
    return await unlessAborted(ended(docker, project, service, signal), signal);
  } catch (error) {
    if (signal.aborted) throw interrupted();
    throw dockerFailure(error, `wait for ${service}`);
  }
}

async function ended(
  docker: Dockerode,
  project: string,
  service: string,
  signal: AbortSignal,
): Promise<ExitStatus> {
  const [container] = await listContainers(docker, project, service);
  if (!container || signal.aborted) return {};
  const request = docker.getContainer(container.Id).wait({ abortSignal: signal });
  const answer = await found(request as Promise<{ StatusCode?: number }>);
  return answer?.StatusCode === undefined ? {} : { code: answer.StatusCode };
}
