import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokerView } from '../../src/clients/access.js';
import { zookeeperMode } from '../../src/clients/srvr.js';
import { differenceOf } from '../../src/cluster/difference.js';
import type { Engine } from '../../src/cluster/engine.js';
import type { Lease } from '../../src/cluster/lease.js';
import { isAbsent } from '../../src/cluster/observed.js';
import type { EngineStep } from '../../src/cluster/plan.js';
import { configHash } from '../../src/compose/hash.js';
import { renderDocument, type RenderedDocument } from '../../src/compose/render.js';
import { clusterSetups } from '../../src/compose/setups.js';
import { KclusterError } from '../../src/errors.js';
import { clusterImages } from '../../src/images/choice.js';
import { processHere } from '../../src/system/machine-process.js';
import { recoverTopology } from '../../src/topology/recover.js';
import type { Network, Topology } from '../../src/topology/topology.js';
import { clusterOnFreePorts } from '../helpers/clusters.js';

/** An engine under test, and what of its documents differs. */
export interface EngineUnderTest {
  network: Network;
  connect: () => Promise<Engine>;
}

/** What every engine promises in `cluster/engine.ts`, with a real ZooKeeper and a real broker. */
export function describeEngineContract(title: string, under: EngineUnderTest): void {
  describe(title, () => {
    const project = `kcc-${randomUUID().slice(0, 8)}`;
    let engine: Engine;
    let topology: Topology;
    let rendered: RenderedDocument;
    const signal = new AbortController().signal;
    const perform = async (...steps: EngineStep[]): Promise<void> => {
      for (const step of steps)
        await engine.perform(project, step, { signal, emit: () => undefined });
    };
    const definition = (service: string) => rendered.document.services[service]!;
    const stateOf = async (service: string): Promise<string | undefined> =>
      (await engine.observe(project)).nodes.find((node) => node.service === service)?.state;
    const until = async (holds: () => Promise<boolean>): Promise<void> => {
      await expect.poll(holds, { timeout: 60_000, interval: 50 }).toBe(true);
    };

    beforeAll(async () => {
      engine = await under.connect();
      const made = await clusterOnFreePorts(project, under.network);
      topology = made.topology;
      rendered = renderDocument(clusterSetups(made, topology, clusterImages(made)));
    });

    afterAll(async () => {
      const { nodes, networks, volumes } = await engine.observe(project);
      for (const { service } of nodes) await perform({ kind: 'remove-node', service });
      for (const network of networks) await perform({ kind: 'remove-network', network });
      for (const volume of volumes) await perform({ kind: 'remove-volume', volume });
      await engine.close();
    });

    it('says what answers', () => {
      expect(engine.description).not.toBe('');
    });

    it('observes nothing of a project that is not there', async () => {
      expect(await engine.observe(project)).toEqual({
        project,
        nodes: [],
        networks: [],
        volumes: [],
      });
      expect(await engine.list()).not.toContain(project);
    });

    it('keeps one lease of a project, the last that was granted', async () => {
      const lease: Lease = { until: Date.now() + 3_600_000 };
      const owner = { ...processHere(process.pid)!, command: 'a "test"', believedUntil: 1 };
      await perform({ kind: 'grant-lease', lease });
      expect((await engine.observe(project)).lease).toEqual(lease);
      expect(await engine.list()).toContain(project);
      await perform({ kind: 'grant-lease', lease: { owner } });
      expect((await engine.leases()).get(project)).toEqual({ owner });
      expect(await engine.observe(project)).toEqual({
        project,
        nodes: [],
        networks: [],
        volumes: [],
        lease: { owner },
      });
      await perform({ kind: 'end-lease' }, { kind: 'end-lease' });
      expect((await engine.leases()).has(project)).toBe(false);
      expect(await engine.list()).not.toContain(project);
    });

    it('makes volumes and nodes, and observes them as they were defined', async () => {
      const steps: EngineStep[] = [
        { kind: 'fetch-image', image: definition('zookeeper-1').image },
        ...(under.network === 'bridge'
          ? [{ kind: 'create-network', network: 'default' } as const]
          : []),
        ...rendered.document.volumes.map((volume): EngineStep => ({
          kind: 'create-volume',
          volume,
        })),
        ...Object.entries(rendered.document.services).map(([service, each]): EngineStep => ({
          kind: 'create-node',
          service,
          definition: each,
        })),
      ];
      await perform(...steps);
      // Every step may be repeated.
      await perform(...steps);
      const observed = await engine.observe(project);
      expect(observed.volumes.toSorted()).toEqual(rendered.document.volumes.toSorted());
      expect(observed.networks).toEqual(under.network === 'bridge' ? ['default'] : []);
      expect(observed.nodes.map(({ service }) => service).sort()).toEqual([
        'broker-1',
        'zookeeper-1',
      ]);
      for (const node of observed.nodes) {
        expect(node.state).toBe('created');
        expect(node.image).toBe(definition(node.service).image);
        expect(node.configHash).toBe(configHash(definition(node.service)));
        expect(node.labels).toMatchObject(definition(node.service).labels);
        expect(node.startedAt).toBeUndefined();
        // Nothing differs that could be seen.
        expect(differenceOf(node, definition(node.service))).toBe('the definition changed');
        expect(node.definition?.environment).toMatchObject(definition(node.service).environment);
      }
      expect(recoverTopology(observed)).toEqual(topology);
      expect(await engine.list()).toContain(project);
    });

    it('reads no file where none is', async () => {
      const path = '/var/lib/kafka/data/meta.properties';
      expect(await engine.readFile(project, 'broker-1', path)).toBeUndefined();
      expect(await engine.readFile(project, 'broker-9', path)).toBeUndefined();
    });

    it('starts nodes, once', async () => {
      await perform(
        { kind: 'start-node', service: 'zookeeper-1' },
        { kind: 'start-node', service: 'zookeeper-1' },
      );
      const before = Date.now();
      expect(await stateOf('zookeeper-1')).toBe('running');
      const node = (await engine.observe(project)).nodes.find(
        ({ service }) => service === 'zookeeper-1',
      );
      expect(Math.abs(before - node!.startedAt!)).toBeLessThan(30_000);
    });

    it('dials a node as a client on the host', async () => {
      const { hostAddress } = topology.zookeepers[0]!;
      await until(
        async () =>
          (await zookeeperMode(engine.dial(project, 'host', hostAddress), 2000)) !== undefined,
      );
    });

    it('dials a node as a client on the network', async () => {
      await perform({ kind: 'start-node', service: 'broker-1' });
      const { networkAddress } = topology.brokers[0]!;
      const dial = () => engine.dial(project, 'network', networkAddress);
      await until(async () => (await brokerView(networkAddress, dial, 2000))?.brokers.length === 1);
      const view = await brokerView(networkAddress, dial, 2000);
      expect(view?.brokers).toEqual([{ id: 1, address: networkAddress }]);
    });

    it.each(['host', 'network'] as const)(
      'fails a dial from the %s to where nobody listens',
      async (from) => {
        const stream = engine.dial(project, from, { host: '127.0.0.1', port: 1 });
        stream.on('error', () => undefined);
        const connected = await new Promise<boolean>((resolve) => {
          stream.once('connect', () => resolve(true)).once('close', () => resolve(false));
        });
        expect(connected).toBe(false);
      },
    );

    it('gives the lines of a node, or the last of them', async () => {
      const lines = async (tail?: number): Promise<string[]> => {
        const result: string[] = [];
        const options = tail === undefined ? {} : { tail };
        for await (const entry of engine.logs(project, 'zookeeper-1', options)) {
          expect(entry.service).toBe('zookeeper-1');
          result.push(entry.line);
        }
        return result;
      };
      const all = await lines();
      expect(all.length).toBeGreaterThan(10);
      expect(all.join('\n')).toContain('binding to port');
      const last = await lines(2);
      expect(last).toHaveLength(2);
    });

    it('follows the lines of a node until it is told to end', async () => {
      const end = new AbortController();
      const followed: string[] = [];
      const reading = (async () => {
        const options = { follow: true, tail: 0, signal: end.signal };
        for await (const { line } of engine.logs(project, 'broker-1', options)) followed.push(line);
      })();
      await perform({ kind: 'stop-node', service: 'broker-1', graceSeconds: 30 });
      await until(async () => Promise.resolve(followed.some((line) => line.includes('shut down'))));
      end.abort();
      await reading;
    });

    it('knows who holds a port of a node', async () => {
      expect(await engine.portHolder(topology.zookeepers[0]!.hostAddress.port)).toContain(project);
      expect(await engine.portHolder(1)).toBeUndefined();
    });

    it('pauses a node, once, and lets it go on', async () => {
      await perform(
        { kind: 'pause-node', service: 'zookeeper-1' },
        { kind: 'pause-node', service: 'zookeeper-1' },
      );
      expect(await stateOf('zookeeper-1')).toBe('paused');
      await perform({ kind: 'start-node', service: 'zookeeper-1' });
      expect(await stateOf('zookeeper-1')).toBe('running');
    });

    it('stops a node gracefully, and tells that it has ended', async () => {
      expect(await stateOf('broker-1')).toBe('exited');
      await engine.exited(project, 'broker-1', signal);
      // Stopping what is stopped, and killing it, is fine.
      await perform(
        { kind: 'stop-node', service: 'broker-1', graceSeconds: 30 },
        { kind: 'kill-node', service: 'broker-1' },
      );
    });

    it('tells at once when a node is killed', async () => {
      const ended = engine.exited(project, 'zookeeper-1', signal);
      await perform({ kind: 'kill-node', service: 'zookeeper-1' });
      const { code, signal: by } = await ended;
      expect(code === 137 || by === 'SIGKILL').toBe(true);
      expect(await stateOf('zookeeper-1')).toBe('exited');
    });

    it('stops waiting for an end when it is told to', async () => {
      await perform({ kind: 'start-node', service: 'zookeeper-1' });
      const abort = new AbortController();
      const ended = engine.exited(project, 'zookeeper-1', abort.signal);
      abort.abort();
      await expect(ended).rejects.toThrow();
    });

    it('starts again what it has stopped', async () => {
      expect(await stateOf('zookeeper-1')).toBe('running');
    });

    it('reads a file on a volume, of a node that has ended or was never started', async () => {
      const read = async () =>
        String(await engine.readFile(project, 'broker-1', '/var/lib/kafka/data/meta.properties'));
      expect(await read()).toMatch(/^broker\.id=1$/m);
      const before = await read();
      await perform(
        { kind: 'remove-node', service: 'broker-1' },
        { kind: 'create-node', service: 'broker-1', definition: definition('broker-1') },
      );
      expect(await stateOf('broker-1')).toBe('created');
      expect(await read()).toBe(before);
      expect(String(await engine.readFile(project, 'zookeeper-1', '/data/myid'))).toBe('1\n');
    });

    it('ends and removes a node that runs, its data excepted', async () => {
      await perform(
        { kind: 'remove-node', service: 'zookeeper-1' },
        { kind: 'remove-node', service: 'zookeeper-1' },
        { kind: 'remove-node', service: 'broker-1' },
      );
      const observed = await engine.observe(project);
      expect(observed.nodes).toEqual([]);
      expect(observed.volumes).not.toEqual([]);
    });

    it('removes networks and volumes, and then nothing is there', async () => {
      const removal = [
        ...(under.network === 'bridge'
          ? [{ kind: 'remove-network', network: 'default' } as const]
          : []),
        ...rendered.document.volumes.map((volume): EngineStep => ({
          kind: 'remove-volume',
          volume,
        })),
      ];
      await perform(...removal);
      await perform(...removal);
      expect(isAbsent(await engine.observe(project))).toBe(true);
      expect(await engine.list()).not.toContain(project);
    });

    it('refuses an image that it can not get', async () => {
      const fetching = perform({ kind: 'fetch-image', image: 'kcluster/kafka:0.0.0' });
      await expect(fetching).rejects.toThrow(KclusterError);
      await expect(fetching).rejects.toThrow('kcluster/kafka:0.0.0');
    });
  });
}
