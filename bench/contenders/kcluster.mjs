// kcluster itself, on either engine, as a user types it.
import { join } from 'node:path';
import { main, run, timed } from '../place.mjs';

/** @param first whether each run has a cache of its own, with nothing in it */
export const kclusterOn = (engine, label, { first = false } = {}) => ({
  name: `kcluster, ${label}`,
  async prepare(makePlace) {
    if (engine === 'docker') await run('docker', ['image', 'inspect', 'kcluster/kafka:3.9.2']);
    else if (!first) await recordArchives(makePlace());
  },
  begin({ zookeepers, brokers }, { directory, name }) {
    const env = {
      ...process.env,
      KCLUSTER_STATE: join(directory, 'state'),
      KCLUSTER_NAME: name,
      // Nothing records beside what is measured.
      KCLUSTER_ARCHIVES: 'use',
      ...(first && { KCLUSTER_CACHE: join(directory, 'cache') }),
    };
    const kcluster = async (...words) =>
      await timed(process.execPath, [main, ...words, '--engine', engine], { cwd: directory, env });
    const shape = ['--zookeepers', String(zookeepers), '--brokers', String(brokers)];
    const images = engine === 'docker' ? ['--images', 'local'] : [];
    const up = [...shape, ...images, '--ports', 'auto', '--smoke'];
    const ends = {
      up: async () => await kcluster('up', ...up),
      down: async () => await kcluster('down', '--volumes'),
    };
    if (first) return ends;
    return {
      ...ends,
      again: async () => await kcluster('up', ...up),
      stop: async () => await kcluster('stop'),
      start: async () => (await kcluster('start')) + (await kcluster('smoke')),
    };
  },
});

/** A cluster that records what class-data archives are lacking. */
async function recordArchives({ directory, remove }) {
  const state = join(directory, 'state');
  const env = { ...process.env, KCLUSTER_STATE: state, KCLUSTER_ARCHIVES: 'record' };
  const command = [process.execPath, main, 'smoke'];
  await run(process.execPath, [main, 'run', '--engine', 'process', '--', ...command], { env });
  remove();
}
