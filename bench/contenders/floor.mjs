// Bare JVMs, started by hand with the best options known: what no tool can be faster than.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { timed } from '../place.mjs';

const script = new URL('../floor.mjs', import.meta.url).pathname;
const archives = join(tmpdir(), 'kcluster-bench-archives');

export const floor = bare('bare JVMs, best options', []);
export const staged = bare('bare JVMs, one stage after the other', ['--staged']);

function bare(name, options) {
  return {
    name,
    /** A class-data archive of each role, written as its JVM ends. */
    async prepare(makePlace) {
      if (existsSync(join(archives, 'broker.jsa'))) return;
      mkdirSync(archives, { recursive: true });
      const place = makePlace();
      await start(place, { zookeepers: 1, brokers: 1 }, ['--staged', '--record']);
      await end(place);
      place.remove();
    },
    begin: (shape, place) => ({
      up: async () => await start(place, shape, options),
      down: async () => await end(place),
    }),
  };
}

async function start({ directory }, { zookeepers, brokers }, options) {
  const words = [script, directory, String(zookeepers), String(brokers)];
  return await timed(process.execPath, [...words, '--archives', archives, ...options]);
}

/** Brokers before ZooKeepers; none is killed. */
async function end({ directory }) {
  const begin = performance.now();
  const lines = readFileSync(join(directory, 'pids'), 'utf8').split('\n');
  for (const role of ['broker', 'zookeeper']) {
    const pids = lines
      .filter((line) => line.startsWith(role))
      .map((line) => Number(line.split(' ')[1]));
    for (const pid of pids) process.kill(pid, 'SIGTERM');
    while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - begin;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
