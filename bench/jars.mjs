// The jars of a cluster, as they lie in kcluster's cache, and the one of Kafka's own tools, which kcluster does without.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { defaultKafkaVersion, readJarLock, zooKeeperJars } from '../build/jars/lock.js';
import { run } from './place.mjs';

const cache = process.env.KCLUSTER_CACHE ?? join(homedir(), '.cache', 'kcluster');

export const versions = {
  kafka: defaultKafkaVersion,
  zookeeper: readJarLock(defaultKafkaVersion).zookeeper,
};

/** @param role `zookeeper` or `broker` */
export function classPathOf(role) {
  const lock = readJarLock(defaultKafkaVersion);
  const jars = role === 'zookeeper' ? zooKeeperJars(lock) : lock.jars;
  return jars.map(({ path }) => join(cache, 'jars', path)).join(delimiter);
}

/** @returns the directory of the jar of Kafka's command line tools */
export async function toolsDirectory() {
  const directory = join(cache, 'bench-tools');
  const artifact = `org.apache.kafka:kafka-tools:${defaultKafkaVersion}`;
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
  if (!existsSync(join(directory, `kafka-tools-${defaultKafkaVersion}.jar`)))
    await run('mvn', [
      '-q',
      '-B',
      `${plugin}:copy`,
      `-Dartifact=${artifact}`,
      `-DoutputDirectory=${directory}`,
    ]);
  return directory;
}
