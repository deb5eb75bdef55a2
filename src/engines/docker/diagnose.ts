import type Dockerode from 'dockerode';
import type { Finding } from '../../cluster/diagnosis.js';
import { KclusterError } from '../../errors.js';
import { pairsOf } from '../../images/catalog.js';
import { found } from './api-errors.js';
import { connectDocker } from './connect.js';

/** Whether a cluster would come up on this machine's Docker: the daemon answers, and the images are there. */
export async function diagnoseDocker(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const engine = await connectDocker(env);
    const daemon: Finding = { name: 'daemon', level: 'ok', detail: engine.description };
    try {
      return [daemon, await imagesFinding(engine.docker)];
    } finally {
      await engine.close();
    }
  } catch (error) {
    if (!(error instanceof KclusterError)) throw error;
    const [mend] = error.hints;
    return [{ name: 'daemon', level: 'fail', detail: error.message, ...(mend && { mend }) }];
  }
}

async function imagesFinding(docker: Dockerode): Promise<Finding> {
  const missing = await missingOf(docker, 'published');
  if (missing.length === 0)
    return { name: 'images', level: 'ok', detail: 'the published images are here' };
  if ((await missingOf(docker, 'local')).length === 0)
    return { name: 'images', level: 'ok', detail: 'the local images are here (`--images local`)' };
  return {
    name: 'images',
    level: 'warn',
    detail: `${missing.join(' and ')} are fetched from a registry by the first \`kcluster up\``,
    mend: 'Without a registry: `kcluster images build`, then `kcluster up --images local`.',
  };
}

async function missingOf(docker: Dockerode, choice: 'published' | 'local'): Promise<string[]> {
  const { zookeeper, kafka } = pairsOf(choice)[0]!;
  const images = [zookeeper, kafka];
  const known = await Promise.all(
    images.map(async (i) => await found(docker.getImage(i).inspect())),
  );
  return images.filter((_, index) => known[index] === undefined);
}
