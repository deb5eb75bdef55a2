import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ComposeService } from '../../../src/compose/document.js';
import { Label } from '../../../src/compose/labels.js';
import { canRun } from '../../helpers/require.js';
import { localDocker, TestProject, type DockerEngine } from './project.js';
import { zooKeeper } from './services.js';

const service = 'zookeeper-1';

describe.skipIf(!(await canRun('docker')))('networks of others', () => {
  let engine: DockerEngine;
  let project: TestProject;
  let foreign: string;

  beforeAll(async () => {
    engine = await localDocker();
  });
  afterAll(async () => await engine.close());
  beforeEach(async () => {
    project = new TestProject(engine, 'join');
    foreign = `kcd-foreign-${randomBytes(3).toString('hex')}`;
    await engine.docker.createNetwork({ Name: foreign });
  });
  afterEach(async () => {
    await project.clear();
    expect(await project.leaks()).toEqual([]);
    await engine.docker.getNetwork(foreign).remove();
  });

  const definition = (): ComposeService => {
    const alone = zooKeeper(23_185);
    delete alone.hostname;
    return {
      ...alone,
      networks: {
        default: { aliases: [`${service}.${project.name}`] },
        [foreign]: { aliases: [`${project.name}-${service}`] },
      },
      labels: { ...alone.labels, [Label.joinedNetworks]: foreign },
    };
  };
  const container = () => engine.docker.getContainer(`${project.name}-${service}-1`);
  const aliases = async (): Promise<Record<string, string[]>> => {
    const { NetworkSettings, Id } = await container().inspect();
    const networks = NetworkSettings.Networks as Record<string, { Aliases: string[] | null }>;
    return Object.fromEntries(
      Object.entries(networks).map(([name, endpoint]) => [
        name,
        (endpoint.Aliases ?? []).filter((alias) => !Id.startsWith(alias)),
      ]),
    );
  };
  const expectJoined = async (): Promise<void> => {
    const names = await aliases();
    expect(names[`${project.name}_default`]).toContain(`${service}.${project.name}`);
    // Nothing else: `zookeeper-1` may be somebody else's there.
    expect(names[foreign]).toEqual([`${project.name}-${service}`]);
  };

  it('are joined, under no name but the alias', async () => {
    await project.up({ [service]: definition() });
    await expectJoined();
  });

  it('are no part of the project', async () => {
    await project.up({ [service]: definition() }, { start: false });
    expect((await engine.observe(project.name)).networks).toEqual(['default']);
  });

  it('are joined at the start where a run was killed after it had created the node', async () => {
    await project.up({ [service]: definition() }, { start: false });
    await engine.docker.getNetwork(foreign).disconnect({ Container: container().id });
    expect(await aliases()).not.toHaveProperty(foreign);
    await project.do({ kind: 'start-node', service });
    await expectJoined();
  });

  it('are joined again where they were made anew while the node was stopped', async () => {
    await project.up({ [service]: definition() });
    await project.do({ kind: 'kill-node', service });
    await engine.docker.getNetwork(foreign).remove();
    await engine.docker.createNetwork({ Name: foreign });
    await project.do({ kind: 'start-node', service });
    await expectJoined();
  });

  it('are found by their whole name', async () => {
    const { Id } = (await engine.docker.getNetwork(foreign).inspect()) as { Id: string };
    await project.do({ kind: 'find-network', network: foreign });
    for (const network of ['kcd-foreign', Id.slice(0, 12)]) {
      await expect(project.do({ kind: 'find-network', network })).rejects.toMatchObject({
        kind: 'invalidSpec',
        message: `there is no Docker network "${network}" to join`,
      });
    }
  });
});
