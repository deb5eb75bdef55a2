import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/cluster/engine.js';
import { connectDocker } from '../../src/engines/docker/connect.js';
import { connectProcessEngine } from '../../src/engines/process/connect.js';
import { clusterImages } from '../../src/images/choice.js';
import { pinnedVersions } from '../../src/jars/lock.js';
import { smoke, type SmokeReport } from '../../src/smoke/smoke.js';
import { resolved } from '../helpers/clusters.js';
import { testBase } from '../helpers/engines.js';
import { withCluster } from '../helpers/real-cluster.js';
import { canRun } from '../helpers/require.js';

const state = await mkdtemp(join(tmpdir(), 'kcluster-versions-'));
const env = {
  KCLUSTER_CACHE: join(homedir(), '.cache', 'kcluster'),
  ...process.env,
  KCLUSTER_STATE: state,
};
afterAll(async () => await rm(state, { recursive: true }));

const context = { signal: new AbortController().signal, emit: () => undefined };

describe.skipIf(!(await canRun('process')))('on the process engine', () => {
  it.each(pinnedVersions())('Kafka %s comes up, works and goes', async (version) => {
    await using engine = disposable(await connectProcessEngine(env));
    expect(failures(await smokeOf(engine, version))).toEqual([]);
  });
});

describe.skipIf(!(await canRun('docker')))('on the docker engine', () => {
  it('the images of the oldest version are built, come up, work and go', async () => {
    const [kafkaVersion = ''] = pinnedVersions();
    await using engine = disposable(await connectDocker(env));
    const local = resolved({ images: 'local', kafka: kafkaVersion });
    const { kafka, zookeeper } = clusterImages(local);
    const built = await engine.buildImages!({ kafkaVersion, base: testBase, ...context });
    expect(built.map(({ reference }) => reference)).toEqual([zookeeper.image, kafka.image]);
    expect(failures(await smokeOf(engine, kafkaVersion))).toEqual([]);
  });
});

async function smokeOf(engine: Engine, kafkaVersion: string): Promise<SmokeReport> {
  const flags = { kafka: kafkaVersion };
  return await withCluster(engine, flags, async (topology) => {
    return await smoke({ ...context, engine, topology });
  });
}

function failures({ checks }: SmokeReport): SmokeReport['checks'] {
  return checks.filter(({ ok }) => !ok);
}

function disposable(engine: Engine): Engine & AsyncDisposable {
  return Object.assign(engine, { [Symbol.asyncDispose]: async () => await engine.close() });
}
