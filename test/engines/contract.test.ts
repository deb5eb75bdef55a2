import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { connectDocker } from '../../src/engines/docker/connect.js';
import { connectProcessEngine } from '../../src/engines/process/connect.js';
import { canRun } from '../helpers/require.js';
import { describeEngineContract } from './contract.js';

const state = await mkdtemp(join(tmpdir(), 'kcluster-contract-'));
const env = {
  KCLUSTER_CACHE: join(homedir(), '.cache', 'kcluster'),
  ...process.env,
  KCLUSTER_STATE: state,
};
afterAll(async () => await rm(state, { recursive: true }));

describe.skipIf(!(await canRun('process')))('engines', () => {
  for (const [archives, name] of [
    ['record', 'the process engine'],
    ['off', 'the process engine without class-data archives'],
  ] as const)
    describeEngineContract(name, {
      network: 'host',
      connect: async () => await connectProcessEngine({ ...env, KCLUSTER_ARCHIVES: archives }),
    });
});

describe.skipIf(!(await canRun('docker')))('engines', () => {
  describeEngineContract('the docker engine', {
    network: 'bridge',
    connect: async () => await connectDocker(env),
  });
});
