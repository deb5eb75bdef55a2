import type Dockerode from 'dockerode';
import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Engine, OtherMachine } from '../../cluster/engine.js';
import { dockerFailure } from './api-errors.js';
import { dial } from './dial.js';
import { exited } from './exited.js';
import { allLeases } from './lease-steps.js';
import { logs } from './logs.js';
import { listProjects, observe } from './observe.js';
import { perform } from './perform.js';
import { portHolder } from './start-errors.js';

/** The engine over a daemon that has answered. `agent` carries the client's connections. */
export function dockerEngine(client: {
  docker: Dockerode;
  agent: Agent;
  description: string;
  elsewhere?: OtherMachine;
}): Engine & { docker: Dockerode } {
  const { docker, agent, description, elsewhere } = client;
  const dialled = new Set<Duplex>();
  return {
    name: 'docker',
    description,
    ...(elsewhere && { elsewhere }),
    docker,
    observe: async (project) =>
      await translated(observe(docker, project), `tell what there is of ${project}`),
    list: async () => await translated(listProjects(docker), 'list the projects'),
    leases: async () => await translated(allLeases(docker), 'list the leases'),
    perform: async (project, step, { signal, emit }) =>
      await perform({ docker, project, signal, emit }, step),
    exited: async (project, service, signal) => await exited(docker, project, service, signal),
    readFile: async (project, service, path) => {
      const { readFile } = await import('./read-file.js');
      return await translated(
        readFile(docker, project, service, path),
        `read ${path} of ${service}`,
      );
    },
    logs: (project, service, options) => logs(docker, project, service, options),
    dial: (project, from, to) => {
      const stream = dial({ docker, elsewhere }, project, from, to);
      dialled.add(stream);
      stream.once('close', () => dialled.delete(stream));
      return stream;
    },
    portHolder: async (port) =>
      await translated(portHolder(docker, port), `tell who has port ${port}`),
    buildImages: async (options) => {
      const { buildImages, defaultBase } = await import('./build.js');
      return await buildImages(docker, { base: defaultBase, ...options });
    },
    close: () => {
      for (const stream of dialled) stream.destroy();
      agent.destroy();
      return Promise.resolve();
    },
  };
}

async function translated<T>(request: Promise<T>, what: string): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw dockerFailure(error, what);
  }
}
