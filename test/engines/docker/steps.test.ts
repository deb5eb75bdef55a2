import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EngineStep } from '../../../src/cluster/plan.js';
import { composeConfigHash } from '../../../src/compose/compose-hash.js';
import { configHash } from '../../../src/compose/hash.js';
import { KclusterError } from '../../../src/errors.js';
import { canRun } from '../../helpers/require.js';
import { localDocker, TestProject, type DockerEngine } from './project.js';
import { zooKeeper, zooKeeperImage } from './services.js';

const port = 23_181;
const service = 'zookeeper-1';
const create: EngineStep = { kind: 'create-node', service, definition: zooKeeper(port) };
const startNode: EngineStep = { kind: 'start-node', service };
const removeNode: EngineStep = { kind: 'remove-node', service };
const stopNode: EngineStep = { kind: 'stop-node', service, graceSeconds: 30 };
const killNode: EngineStep = { kind: 'kill-node', service };

describe.skipIf(!(await canRun('docker')))('steps', () => {
  let engine: DockerEngine;
  let project: TestProject;
  /** Containers of the test that belong to no project. */
  let strangers: string[] = [];

  beforeAll(async () => {
    engine = await localDocker();
  });
  afterAll(async () => await engine.close());
  beforeEach(() => {
    project = new TestProject(engine, 'steps');
  });
  afterEach(async () => {
    for (const id of strangers)
      await engine.docker.getContainer(id).remove({ force: true, v: true });
    strangers = [];
    await project.clear();
    expect(await project.leaks()).toEqual([]);
    expect(await engine.list()).not.toContain(project.name);
  });

  /** Until the JVM runs, nobody handles SIGTERM: Linux keeps it from a first process without a handler. */
  async function firstLine(): Promise<void> {
    for await (const _ of engine.logs(project.name, service, { follow: true })) return;
  }

  async function failure(...steps: EngineStep[]): Promise<KclusterError> {
    const outcome = await project.do(...steps).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(KclusterError);
    return outcome as KclusterError;
  }

  async function stranger(options: {
    name?: string;
    volume?: string;
    network?: string;
  }): Promise<string> {
    const container = await engine.docker.createContainer({
      ...(options.name && { name: options.name }),
      Image: zooKeeperImage,
      HostConfig: {
        ...(options.volume && { Binds: [`${options.volume}:/mnt`] }),
        ...(options.network && { NetworkMode: options.network }),
      },
    });
    strangers.push(container.id);
    return container.id;
  }

  it('sees nothing of a project that does not exist', async () => {
    expect(await engine.observe(project.name)).toEqual({
      project: project.name,
      nodes: [],
      networks: [],
      volumes: [],
    });
  });

  it('takes a node through its life, every step twice', async () => {
    const twice = async (...steps: EngineStep[]): Promise<void> =>
      await project.do(...steps.flatMap((step) => [step, step]));

    await twice(
      { kind: 'fetch-image', image: zooKeeperImage },
      { kind: 'create-network', network: 'default' },
      { kind: 'create-volume', volume: 'zookeeper-1-data' },
      { kind: 'create-volume', volume: 'zookeeper-1-datalog' },
    );
    expect(await engine.list()).toContain(project.name);
    await twice(create);
    expect(await project.node(service)).toMatchObject({
      service,
      state: 'created',
      handle: `${project.name}-zookeeper-1-1`,
      image: zooKeeperImage,
      configHash: configHash(zooKeeper(port)),
    });

    const before = Date.now();
    await twice(startNode);
    const running = await project.node(service);
    expect(running?.state).toBe('running');
    expect(running?.startedAt).toBeGreaterThan(before - 2000);
    expect(running?.startedAt).toBeLessThan(Date.now() + 2000);
    expect(running?.labels['io.kcluster.role']).toBe('zookeeper');
    expect(await engine.portHolder(port)).toBe(
      `container ${project.name}-zookeeper-1-1 of compose project ${project.name}`,
    );

    await firstLine();
    await twice(stopNode);
    expect(await project.node(service)).toMatchObject({ state: 'exited', exitCode: 143 });
    await project.do(startNode);
    await twice(killNode);
    expect(await project.node(service)).toMatchObject({ state: 'exited', exitCode: 137 });

    expect(await engine.observe(project.name)).toMatchObject({
      networks: ['default'],
      volumes: ['zookeeper-1-data', 'zookeeper-1-datalog'],
    });
    await twice(
      removeNode,
      { kind: 'remove-network', network: 'default' },
      { kind: 'remove-volume', volume: 'zookeeper-1-data' },
      { kind: 'remove-volume', volume: 'zookeeper-1-datalog' },
    );
    await twice(stopNode, killNode);
    expect(await project.leaks()).toEqual([]);
  });

  it('writes what it is told into the container', async () => {
    await project.up({ [service]: zooKeeper(port) }, { start: false });
    const { handle } = (await project.node(service))!;
    const { Config, HostConfig, Image } = await engine.docker.getContainer(handle).inspect();
    expect(Config.Env).toContain('ZOO_MY_ID=1');
    expect(Config.Hostname).toBe('zookeeper-1');
    expect((Config as { StopTimeout?: number }).StopTimeout).toBe(30);
    expect(HostConfig.PortBindings).toEqual({
      '2181/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }],
    });
    expect(HostConfig.NetworkMode).toBe(`${project.name}_default`);
    expect(HostConfig.RestartPolicy?.Name).toBe('no');
    expect(Config.Labels).toMatchObject({
      'com.docker.compose.project': project.name,
      'com.docker.compose.service': service,
      'com.docker.compose.config-hash': composeConfigHash(zooKeeper(port)),
      'com.docker.compose.image': Image,
      'com.docker.compose.oneoff': 'False',
      'com.docker.compose.container-number': '1',
      'com.docker.compose.project.config_files': 'kcluster',
    });
  });

  it('shares the network of the host when the definition does', async () => {
    const { hostname, ports, ...rest } = zooKeeper(port);
    await project.do({
      kind: 'create-node',
      service,
      definition: { ...rest, network_mode: 'host' },
    });
    const { handle } = (await project.node(service))!;
    const { HostConfig } = await engine.docker.getContainer(handle).inspect();
    expect(HostConfig.NetworkMode).toBe('host');
    expect((await engine.observe(project.name)).networks).toEqual([]);
    // The container made its volumes itself; they have no labels, and go by name.
    await project.do(removeNode);
    for (const volume of ['data', 'datalog'])
      await engine.docker.getVolume(`${project.name}_zookeeper-1-${volume}`).remove();
    expect(hostname).toBe('zookeeper-1');
    expect(ports).toHaveLength(1);
  });

  it('removes the anonymous volumes of an image with the node', async () => {
    const { docker } = engine;
    const definition = { ...zooKeeper(port), volumes: [] };
    await project.up({ [service]: definition });
    const { handle } = (await project.node(service))!;
    const { Mounts } = await docker.getContainer(handle).inspect();
    const anonymous = Mounts.map(({ Name }) => Name!);
    expect(anonymous).toHaveLength(2);
    await project.do(removeNode);
    const { Volumes } = await docker.listVolumes();
    const names = Volumes.map(({ Name }) => Name);
    expect(names.filter((name) => anonymous.includes(name))).toEqual([]);
  });

  it('lets a paused node go on, and stops one', async () => {
    await project.up({ [service]: zooKeeper(port) });
    const container = engine.docker.getContainer((await project.node(service))!.handle);
    await container.pause();
    expect((await project.node(service))?.state).toBe('paused');
    await project.do(startNode);
    expect((await project.node(service))?.state).toBe('running');
    await firstLine();
    await container.pause();
    await project.do(stopNode);
    expect((await project.node(service))?.state).toBe('exited');
  });

  it('says who has a port: another container', async () => {
    const other = new TestProject(engine, 'holder');
    try {
      await other.up({ [service]: zooKeeper(port) });
      await project.up({ [service]: zooKeeper(port) }, { start: false });
      const error = await failure(startNode);
      expect(error.kind).toBe('conflict');
      expect(error.message).toBe(
        `port ${port} is taken by container ${other.name}-zookeeper-1-1 of compose project ${other.name}, and zookeeper-1 is to be published there`,
      );
      await other.do(removeNode);
      await project.do(startNode);
    } finally {
      await other.clear();
    }
  });

  it('says who has a port: a process', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const taken = (server.address() as AddressInfo).port;
      await project.up({ [service]: zooKeeper(taken) }, { start: false });
      const error = await failure(startNode);
      expect(error.kind).toBe('conflict');
      expect(error.message).toContain(`port ${taken} is taken by another process`);
      expect(error.hints.join(' ')).toContain('--ports auto');
      expect(await engine.portHolder(taken)).toBeUndefined();
    } finally {
      server.close();
    }
  });

  it('refuses the container, the network and the volume of somebody else', async () => {
    const { docker } = engine;
    await stranger({ name: `${project.name}-zookeeper-1-1` });
    const network = await docker.createNetwork({ Name: `${project.name}_default` });
    const volume = await docker.createVolume({ Name: `${project.name}_zookeeper-1-data` });
    try {
      for (const step of [
        { kind: 'create-network', network: 'default' },
        { kind: 'create-volume', volume: 'zookeeper-1-data' },
        create,
      ] satisfies EngineStep[]) {
        const error = await failure(step);
        expect(error.kind).toBe('conflict');
        expect(error.message).toContain(`does not belong to project ${project.name}`);
        expect(error.hints).not.toEqual([]);
      }
    } finally {
      await network.remove();
      await docker.getVolume(volume.name).remove();
    }
  });

  it('says who uses a network or a volume that is to go', async () => {
    await project.do(
      { kind: 'create-network', network: 'default' },
      { kind: 'create-volume', volume: 'v' },
    );
    const name = `${project.name}-stranger`;
    const id = await stranger({
      name,
      volume: `${project.name}_v`,
      network: `${project.name}_default`,
    });
    const volumeError = await failure({ kind: 'remove-volume', volume: 'v' });
    expect(volumeError).toMatchObject({
      kind: 'conflict',
      message: `volume ${project.name}_v is in use by ${name}`,
    });
    await engine.docker.getContainer(id).start();
    const networkError = await failure({ kind: 'remove-network', network: 'default' });
    expect(networkError).toMatchObject({
      kind: 'conflict',
      message: `network ${project.name}_default is in use by ${name}`,
    });
  });

  it('says how to make an image that is not there', async () => {
    const image = 'kcluster/kafka:0.0.0';
    const fetching = await failure({ kind: 'fetch-image', image });
    const creating = await failure({
      kind: 'create-node',
      service,
      definition: { ...zooKeeper(port), image },
    });
    for (const error of [fetching, creating]) {
      expect(error.kind).toBe('startFailed');
      expect(error.message).toBe(`image ${image} is not there`);
      expect(error.hints).toEqual(['Make it with `kcluster images build`.']);
    }
  });

  it('cannot start a node whose network is gone', async () => {
    await project.up({ [service]: zooKeeper(port) }, { start: false });
    await project.do({ kind: 'remove-network', network: 'default' });
    const error = await failure(startNode);
    expect(error).toMatchObject({
      kind: 'startFailed',
      message: 'the network of zookeeper-1 is gone',
    });
  });

  it('fails to start a node that is not there', async () => {
    expect(await failure(startNode)).toMatchObject({ kind: 'startFailed' });
  });
});
