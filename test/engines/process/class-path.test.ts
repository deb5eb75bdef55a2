import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClassPaths } from '../../../src/engines/process/class-path.js';
import { classPathOf, fakeJar, repositoryServer } from '../../jars/repository-server.js';

const context = { signal: new AbortController().signal, emit: () => undefined };

test('what two class paths have in common is fetched once, and a failure is not kept', async () => {
  const [common, own, other] = [fakeJar('a', 200_000), fakeJar('b', 1000), fakeJar('c', 1000)];
  const cache = await mkdtemp(join(tmpdir(), 'kcluster-class-paths-'));
  const server = await repositoryServer([common, own, other]);
  try {
    const env = { KCLUSTER_CACHE: cache, KCLUSTER_MAVEN_REPOSITORY: server.url, HOME: cache };
    const classPaths = new ClassPaths(env);
    const broker = { ...classPathOf([common, own]), name: 'kafka-0.0.0' };
    const zookeeper = { ...classPathOf([common, other]), name: 'zookeeper-0.0.0' };
    const lost = { ...classPathOf([fakeJar('d', 1000)]), name: 'kafka-0.0.1' };
    const [jars, ...failed] = await Promise.allSettled([
      classPaths.of(broker, context),
      classPaths.of(lost, context),
      classPaths.of(zookeeper, context),
      classPaths.of(zookeeper, context),
    ]);
    expect(jars).toMatchObject({ status: 'fulfilled', value: { length: 2 } });
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    const asked = server.requests.map(({ path }) => path.split('/').at(-1));
    expect(asked.toSorted()).toEqual(['a-1.0.jar', 'b-1.0.jar', 'c-1.0.jar', 'd-1.0.jar']);
    await expect(classPaths.of(lost, context)).rejects.toThrow('cannot fetch org.example:d:1.0');
  } finally {
    await server.close();
    await rm(cache, { recursive: true, force: true });
  }
});
