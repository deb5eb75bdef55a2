// kcluster itself, on either engine, as a user types it.
import { join } from 'node:path';
import { main, run, timed } from '../place.mjs';

export const kclusterOn = (engine, label) => ({
  name: `kcluster, ${label}`,
  async prepare() {
    if (engine === 'docker') await run('docker', ['image', 'inspect', 'kcluster/kafka:3.9.2']);
  },
  begin({ zookeepers, brokers }, { directory, name }) {
    const env = { ...process.env, KCLUSTER_STATE: join(directory, 'state'), KCLUSTER_NAME: name };
    const kcluster = async (...words) =>
      await timed(process.execPath, [main, ...words, '--engine', engine], { cwd: directory, env });
    const shape = ['--zookeepers', String(zookeepers), '--brokers', String(brokers)];
    const images = engine === 'docker' ? ['--images', 'local'] : [];
    const up = [...shape, ...images, '--ports', 'auto', '--smoke'];
    return {
      up: async () => await kcluster('up', ...up),
      again: async () => await kcluster('up', ...up),
      stop: async () => await kcluster('stop'),
      start: async () => (await kcluster('start')) + (await kcluster('smoke')),
      down: async () => await kcluster('down', '--volumes'),
    };
  },
});
