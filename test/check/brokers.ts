import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { apiVersionsRequest } from '../../src/clients/protocol/diagnosis.js';
import { brokerView } from '../../src/clients/access.js';
import { zookeeperMode } from '../../src/clients/srvr.js';
import type { Engine } from '../../src/cluster/engine.js';
import type { EngineStep } from '../../src/cluster/plan.js';
import type { ComposeService } from '../../src/compose/document.js';
import { ask } from '../../src/check/question.js';
import { connectProcessEngine } from '../../src/engines/process/connect.js';
import { volumeDirectory } from '../../src/engines/process/layout.js';
import { pause } from '../../src/system/abort.js';
import { reservePorts } from '../../src/system/port-reservation.js';
import type { Cli } from '../helpers/cli.js';
import { projectName } from '../helpers/engines.js';
import { brokerService, zooKeeperService } from '../engines/process/documents.js';

const signal = new AbortController().signal;

/** A listener of a broker: where it is, what it advertises, how it is secured. */
export interface Listener {
  port: number;
  /** `HOST:PORT`; where it is, unless told otherwise. */
  advertised?: string;
  security?: string;
}

/** Real brokers as local processes, each with listeners as a test wants them. The first listener is for brokers. */
export class TestBrokers implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #project = projectName('check');
  readonly #state: string;
  readonly #zookeeper: number;

  private constructor(engine: Engine, state: string, zookeeper: number) {
    this.#engine = engine;
    this.#state = state;
    this.#zookeeper = zookeeper;
  }

  /** Starts a ZooKeeper for them, on the first of the ports. */
  static async start(cli: Cli, ports: readonly number[]): Promise<TestBrokers> {
    const [client = 0, quorum = 0, election = 0] = ports;
    const engine = await connectProcessEngine({ ...process.env, ...cli.env });
    const brokers = new TestBrokers(engine, cli.env['KCLUSTER_STATE']!, client);
    await brokers.#start('zookeeper-1', zooKeeperService(client, quorum, election));
    const address = { host: '127.0.0.1', port: client };
    while (!(await zookeeperMode(brokers.#engine.dial('', 'host', address), 1000)))
      await pause(20, signal);
    return brokers;
  }

  /** Starts a broker and waits until its own metadata lists it at its first listener, and a controller. */
  async startBroker(
    id: number,
    listeners: Record<string, Listener>,
    environment: Record<string, string> = {},
  ): Promise<void> {
    const [[first, { port }]] = Object.entries(listeners) as [[string, Listener]];
    const base = brokerService(this.#zookeeper, port);
    await this.#start(`broker-${id}`, {
      ...base,
      environment: {
        ...base.environment,
        KAFKA_BROKER_ID: String(id),
        KAFKA_INTER_BROKER_LISTENER_NAME: first,
        KAFKA_LISTENERS: listed(listeners, ([name, each]) => `${name}://127.0.0.1:${each.port}`),
        KAFKA_ADVERTISED_LISTENERS: listed(
          listeners,
          ([name, each]) => `${name}://${each.advertised ?? `127.0.0.1:${each.port}`}`,
        ),
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: listed(
          listeners,
          ([name, each]) => `${name}:${each.security ?? 'PLAINTEXT'}`,
        ),
        ...environment,
      },
      volumes: [`broker-${id}-data:/var/lib/kafka/data`],
    });
    while (!(await this.#isListed(id, port))) await pause(50, signal);
  }

  /** Starts a controller of KRaft, which has nothing to do with the brokers, and waits until it answers. */
  async startController(port: number): Promise<void> {
    const base = brokerService(this.#zookeeper, port);
    const { KAFKA_HEAP_OPTS = '', KAFKA_JVM_PERFORMANCE_OPTS = '' } = base.environment;
    const volume = 'controller-data';
    await this.#do({ kind: 'create-volume', volume });
    // What kafka-storage.sh writes.
    const format = 'version=1\ncluster.id=MkU3OEVBNTcwNTJENDM2Qg\nnode.id=1\n';
    const data = volumeDirectory(this.#state, this.#project, volume);
    await writeFile(join(data, 'meta.properties'), format);
    await this.#start('controller', {
      ...base,
      environment: {
        KAFKA_HEAP_OPTS,
        KAFKA_JVM_PERFORMANCE_OPTS,
        KAFKA_PROCESS_ROLES: 'controller',
        KAFKA_NODE_ID: '1',
        KAFKA_CONTROLLER_QUORUM_VOTERS: `1@127.0.0.1:${port}`,
        KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        KAFKA_LISTENERS: `CONTROLLER://127.0.0.1:${port}`,
      },
      volumes: [`${volume}:/var/lib/kafka/data`],
    });
    const to = { host: '127.0.0.1', port };
    const question = { to, name: to.host, dial: connect, timeoutMs: 1000 };
    while (!(await ask(question, apiVersionsRequest)).answer) await pause(50, signal);
  }

  /** ZooKeeper's client port of the brokers. */
  get zookeeper(): number {
    return this.#zookeeper;
  }

  async pidOf(service: string): Promise<number> {
    const { nodes } = await this.#engine.observe(this.#project);
    const handle = nodes.find((node) => node.service === service)?.handle ?? '';
    return Number(/^pid (\d+)$/.exec(handle)?.[1]);
  }

  async kill(service: string): Promise<void> {
    await this.#do({ kind: 'kill-node', service });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { nodes, volumes } = await this.#engine.observe(this.#project);
    for (const { service } of nodes) await this.#do({ kind: 'remove-node', service });
    for (const volume of volumes) await this.#do({ kind: 'remove-volume', volume });
    await this.#engine.close();
  }

  async #start(service: string, definition: ComposeService): Promise<void> {
    await this.#do({ kind: 'fetch-image', image: definition.image });
    for (const mount of definition.volumes ?? [])
      await this.#do({ kind: 'create-volume', volume: mount.split(':')[0]! });
    await this.#do({ kind: 'create-node', service, definition });
    await this.#do({ kind: 'start-node', service });
  }

  async #do(step: EngineStep): Promise<void> {
    await this.#engine.perform(this.#project, step, { signal, emit: () => undefined });
  }

  async #isListed(id: number, port: number): Promise<boolean> {
    const address = { host: '127.0.0.1', port };
    const dial = (): ReturnType<Engine['dial']> => this.#engine.dial('', 'host', address);
    const view = await brokerView(address, dial, 2000);
    return view?.controller !== undefined && view.brokers.some((broker) => broker.id === id);
  }
}

function listed(
  listeners: Record<string, Listener>,
  words: (listener: [string, Listener]) => string,
): string {
  return Object.entries(listeners).map(words).join(',');
}

/** Ports of the loopback interface that nobody else takes meanwhile. */
export async function testPorts(count: number): Promise<number[]> {
  return (await reservePorts(count)).ports;
}
