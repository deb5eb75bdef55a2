import { connect } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Engine, ExitStatus, LogLine, LogOptions, Place } from '../../cluster/engine.js';
import type { Lease } from '../../cluster/lease.js';
import type { ObservedProject } from '../../cluster/observed.js';
import type { EngineStep } from '../../cluster/plan.js';
import type { Emit } from '../../report/events.js';
import { pause } from '../../system/abort.js';
import type { Address } from '../../topology/address.js';
import { Archives } from './archives/archives.js';
import { Children } from './children.js';
import { ClassPaths } from './class-path.js';
import { checkDefinition } from './definition.js';
import { freeze, kill, stop, thaw } from './ending.js';
import { resolveImage } from './image.js';
import { findJava } from './java.js';
import { nodeDirectory, NodeFile, nodeOfDirectory, volumeDirectory } from './layout.js';
import { listenerOn } from './listening.js';
import { allLeases, endLease, grantLease } from './lease-file.js';
import { linesOf } from './log-lines.js';
import { createNode, readNode } from './node-file.js';
import { halfMadeProjects, listProjects, observeProject } from './observe.js';
import type { NodeProcess, ProcessTable } from './process-table.js';
import { removeNode, removeVolume } from './removal.js';
import { readNodeFile } from './read-node-file.js';
import { startNode } from './start-node.js';
import { makeDirectory, onState } from './state-files.js';

const pollMs = 100;

interface StepContext {
  signal: AbortSignal;
  emit: Emit;
}

type Handlers = {
  [Kind in EngineStep['kind']]: (
    project: string,
    step: Extract<EngineStep, { kind: Kind }>,
    context: StepContext,
  ) => Promise<void>;
};

/**
 * Runs nodes as JVMs of this machine. What it keeps of them is in layout.ts; whether they run, the process table
 * says.
 */
export class ProcessEngine implements Engine {
  readonly name = 'process';
  readonly description: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #state: string;
  readonly #table: ProcessTable;
  readonly #children = new Children();
  readonly #classPaths: ClassPaths;
  readonly #archives: Archives;

  /** @param options `state`: the canonical path of the state directory */
  constructor(options: {
    description: string;
    env: NodeJS.ProcessEnv;
    state: string;
    table: ProcessTable;
  }) {
    this.description = options.description;
    this.#env = options.env;
    this.#state = options.state;
    this.#table = options.table;
    this.#classPaths = new ClassPaths(options.env);
    this.#archives = new Archives(options.env);
  }

  async observe(project: string): Promise<ObservedProject> {
    return await onState(this.#state, () => observeProject(this.#sight(), project));
  }

  async list(): Promise<string[]> {
    return await onState(this.#state, () => listProjects(this.#sight()));
  }

  async halfMade(): Promise<string[]> {
    return await onState(this.#state, () => halfMadeProjects(this.#sight()));
  }

  async leases(): Promise<Map<string, Lease>> {
    return await onState(this.#state, () => allLeases(this.#state));
  }

  async perform(project: string, step: EngineStep, context: StepContext): Promise<void> {
    // The table pairs each kind with its own step, which the type of a lookup by a union cannot say.
    const handler = this.#handlers[step.kind] as (
      project: string,
      step: EngineStep,
      context: StepContext,
    ) => Promise<void>;
    await onState(this.#state, () => handler(project, step, context));
  }

  readonly #handlers: Handlers = {
    'fetch-image': async (_project, { image }, context) => await this.#fetchImage(image, context),
    'find-network': noNetworks,
    'create-network': noNetworks,
    'remove-network': noNetworks,
    'create-volume': async (project, { volume }) =>
      await makeDirectory(volumeDirectory(this.#state, project, volume)),
    'create-node': async (project, step) => await this.#createNode(project, step),
    'start-node': async (project, { service }, context) =>
      await this.#startNode(project, service, context),
    'stop-node': async (project, { service, graceSeconds }, context) => {
      await this.#endNode(project, service, graceSeconds);
      await this.#archives.keep(nodeDirectory(this.#state, project, service), context);
    },
    'kill-node': async (project, { service }) => await this.#endNode(project, service, 'at once'),
    'pause-node': async (project, { service }) => {
      const running = await this.#processesOf(nodeDirectory(this.#state, project, service));
      await Promise.all(running.map((each) => freeze(this.#table, each)));
    },
    'remove-node': async (project, { service }) => {
      await this.#endNode(project, service, 'at once');
      await removeNode(this.#state, project, service);
    },
    'remove-volume': async (project, { volume }) =>
      await removeVolume(this.#state, project, volume),
    'grant-lease': async (project, { lease }) => await grantLease(this.#state, project, lease),
    'end-lease': async (project) => await endLease(this.#state, project),
  };

  async exited(project: string, service: string, signal: AbortSignal): Promise<ExitStatus> {
    const directory = nodeDirectory(this.#state, project, service);
    const [running] = await this.#processesOf(directory);
    if (!running || running.pid === this.#children.pidOf(directory))
      return (await this.#children.end(directory, signal)) ?? {};
    // Another run started it: how it ended is told to nobody but its parent.
    while (this.#table.isAlive(running)) await pause(pollMs, signal);
    return {};
  }

  async *logs(project: string, service: string, options: LogOptions): AsyncGenerator<LogLine> {
    const directory = nodeDirectory(this.#state, project, service);
    const isThere = async (): Promise<boolean> => (await readNode(directory)) !== undefined;
    for await (const line of linesOf(join(directory, NodeFile.log), options, isThere))
      yield { service, line };
  }

  async readFile(project: string, service: string, path: string): Promise<Buffer | undefined> {
    return await onState(this.#state, () => readNodeFile(this.#state, project, service, path));
  }

  dial(_project: string, _from: Place, { host, port }: Address): Duplex {
    return connect({ host, port });
  }

  async portHolder(port: number): Promise<string | undefined> {
    const listener = await listenerOn(port, process.platform);
    if (!listener) return undefined;
    const { pid, command } = listener;
    const own = (await this.#table.nodes()).find((each) => each.pid === pid);
    const node = own && nodeOfDirectory(this.#state, own.directory);
    return node
      ? `node ${node.service} of cluster "${node.project}" (pid ${pid})`
      : `${command} (pid ${pid})`;
  }

  async close(): Promise<void> {
    // Nodes outlive this run.
    await this.#archives.close();
  }

  /** What `docker pull` is to the other engine: after it, a start needs no network. */
  async #fetchImage(reference: string, context: StepContext): Promise<void> {
    const { classPath } = resolveImage(reference, 'image');
    // Before megabytes are fetched that nothing could run.
    await findJava(this.#env);
    await this.#classPaths.of(classPath, context);
  }

  async #createNode(
    project: string,
    { service, definition }: Extract<EngineStep, { kind: 'create-node' }>,
  ): Promise<void> {
    checkDefinition(service, definition);
    await createNode(nodeDirectory(this.#state, project, service), service, definition);
  }

  async #startNode(project: string, service: string, context: StepContext): Promise<void> {
    const running = await this.#processesOf(nodeDirectory(this.#state, project, service));
    for (const each of running) await thaw(this.#table, each);
    if (running.length > 0) return;
    const starter = {
      env: this.#env,
      state: this.#state,
      children: this.#children,
      classPaths: this.#classPaths,
      archives: this.#archives,
    };
    await startNode(starter, project, service, context);
  }

  async #endNode(project: string, service: string, grace: number | 'at once'): Promise<void> {
    const running = await this.#processesOf(nodeDirectory(this.#state, project, service));
    await Promise.all(
      running.map((each) =>
        grace === 'at once' ? kill(this.#table, each) : stop(this.#table, each, grace),
      ),
    );
  }

  async #processesOf(directory: string): Promise<NodeProcess[]> {
    return (await this.#table.nodes()).filter((each) => each.directory === directory);
  }

  #sight(): { state: string; table: ProcessTable; children: Children } {
    return { state: this.#state, table: this.#table, children: this.#children };
  }
}

function noNetworks(_project: string, step: { kind: string; network: string }): never {
  throw new Error(`local processes have no networks: ${step.kind} ${step.network}`);
}
