import { randomBytes } from 'node:crypto';
import type { ObservedNode } from '../../../src/cluster/observed.js';
import type { EngineStep } from '../../../src/cluster/plan.js';
import type { ComposeService } from '../../../src/compose/document.js';
import { connectDocker } from '../../../src/engines/docker/connect.js';
import type { Event } from '../../../src/report/events.js';
import { dockerSocket } from '../../helpers/require.js';

export type DockerEngine = Awaited<ReturnType<typeof connectDocker>>;

/** The engine of the machine's own daemon, whatever docker context the person has chosen. */
export async function localDocker(): Promise<DockerEngine> {
  return await connectDocker({ DOCKER_HOST: `unix://${dockerSocket}` });
}

/** A project of a test: its name is its own, and `clear` removes all that has it and says what was left. */
export class TestProject {
  readonly name: string;
  readonly engine: DockerEngine;
  readonly events: Event[] = [];

  constructor(engine: DockerEngine, topic: string) {
    this.engine = engine;
    this.name = `kcd-${topic}-${randomBytes(3).toString('hex')}`;
  }

  async do(...steps: EngineStep[]): Promise<void> {
    for (const step of steps)
      await this.engine.perform(this.name, step, {
        signal: new AbortController().signal,
        emit: (event) => this.events.push(event),
      });
  }

  /** Network, volumes, containers; started too unless told otherwise. */
  async up(services: Record<string, ComposeService>, { start = true } = {}): Promise<void> {
    await this.do({ kind: 'create-network', network: 'default' });
    for (const [service, definition] of Object.entries(services)) {
      for (const mount of definition.volumes ?? [])
        await this.do({ kind: 'create-volume', volume: mount.split(':')[0]! });
      await this.do({ kind: 'create-node', service, definition });
      if (start) await this.do({ kind: 'start-node', service });
    }
  }

  async node(service: string): Promise<ObservedNode | undefined> {
    const { nodes } = await this.engine.observe(this.name);
    return nodes.find((node) => node.service === service);
  }

  async clear(): Promise<void> {
    const { nodes, networks, volumes } = await this.engine.observe(this.name);
    for (const { service } of nodes) await this.do({ kind: 'remove-node', service });
    for (const network of networks) await this.do({ kind: 'remove-network', network });
    for (const volume of volumes) await this.do({ kind: 'remove-volume', volume });
  }

  /** The names of everything on the machine that has the project's name in its own. */
  async leaks(): Promise<string[]> {
    const { docker } = this.engine;
    const [containers, networks, { Volumes }] = await Promise.all([
      docker.listContainers({ all: true }),
      docker.listNetworks(),
      docker.listVolumes(),
    ]);
    return [
      ...containers.flatMap(({ Names }) => Names),
      ...networks.map(({ Name }) => Name),
      ...Volumes.map(({ Name }) => Name),
    ].filter((name) => name.includes(this.name));
  }
}
