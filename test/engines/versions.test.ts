import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/cluster/engine.js';
import { execute } from '../../src/cluster/execute.js';
import { isAbsent } from '../../src/cluster/observed.js';
import { reconcile } from '../../src/cluster/reconcile.js';
import { teardown } from '../../src/cluster/teardown.js';
import { clusterSteps } from '../../src/commands/cluster-steps.js';
import { renderDocument } from '../../src/compose/render.js';
import { connectDocker } from '../../src/engines/docker/connect.js';
import { connectProcessEngine } from '../../src/engines/process/connect.js';
import { clusterImages } from '../../src/images/choice.js';
import { imagePair } from '../../src/images/families.js';
import { pinnedVersions } from '../../src/jars/lock.js';
import { smoke, type SmokeReport } from '../../src/smoke/smoke.js';
import { resolved, topologyOnFreePorts } from '../helpers/clusters.js';
import { canRun } from '../helpers/require.js';

/** Any image with a Java; the tests pull nothing. */
const base = process.env['KCLUSTER_TEST_BASE'] ?? 'kcluster-test/base:bookworm';

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
    const engine = await connectProcessEngine(env);
    expect(failures(await smokeOf(engine, version))).toEqual([]);
  });
});

describe.skipIf(!(await canRun('docker')))('on the docker engine', () => {
  it('the images of the oldest version are built, come up, work and go', async () => {
    const [kafkaVersion = ''] = pinnedVersions();
    const engine = await connectDocker(env);
    const { kafka, zookeeper } = imagePair('local', kafkaVersion);
    const built = await engine.buildImages!({ kafkaVersion, base, ...context });
    expect(built).toEqual([zookeeper.image, kafka.image]);
    expect(failures(await smokeOf(engine, kafkaVersion))).toEqual([]);
    await engine.close();
  });
});

/** The smoke report of a cluster of one broker and one ZooKeeper, which is gone afterwards. */
async function smokeOf(engine: Engine, kafkaVersion: string): Promise<SmokeReport> {
  const project = `kcv-${randomUUID().slice(0, 8)}`;
  const network = engine.name === 'process' ? 'host' : 'bridge';
  const topology = await topologyOnFreePorts(project, network, join(state, 'ports'));
  const spec = resolved({ name: project, images: 'local', ports: 'auto', kafka: kafkaVersion });
  const { document } = renderDocument(spec, topology, clusterImages(spec.spec).images);
  const performClusterStep = clusterSteps(context, engine, topology, { timeout: 60 });
  try {
    const plan = reconcile(document, await engine.observe(project));
    await execute(plan, { ...context, engine, performClusterStep });
    return await smoke({ ...context, engine, topology });
  } finally {
    const observed = await engine.observe(project);
    const plan = teardown(observed, { volumes: true, cause: 'the test is over' });
    await execute(plan, { ...context, engine, performClusterStep });
    expect(isAbsent(await engine.observe(project))).toBe(true);
  }
}

function failures({ checks }: SmokeReport): SmokeReport['checks'] {
  return checks.filter(({ ok }) => !ok);
}
