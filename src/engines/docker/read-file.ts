import type Dockerode from 'dockerode';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { found } from './api-errors.js';
import { listContainers } from './observe.js';

/** A file as the node sees it: Docker mounts the volumes of a container that does not run for as long as it reads. */
export async function readFile(
  docker: Dockerode,
  project: string,
  service: string,
  path: string,
): Promise<Buffer | undefined> {
  const [container] = await listContainers(docker, project, service);
  if (!container) return undefined;
  const archive = await found(docker.getContainer(container.Id).getArchive({ path }));
  return archive && (await firstFile(archive));
}

async function firstFile(archive: NodeJS.ReadableStream): Promise<Buffer | undefined> {
  const entries = extract();
  let content: Buffer | undefined;
  const reading = (async () => {
    for await (const entry of entries) {
      if (entry.header.type === 'file') content ??= await buffer(entry);
      else entry.resume();
    }
  })();
  await Promise.all([pipeline(archive, entries), reading]);
  return content;
}
