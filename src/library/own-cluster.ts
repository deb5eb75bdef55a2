import type { Engines } from '../engines/engines.js';
import { KclusterError } from '../errors.js';
import { makeBundle } from '../operations/bundle.js';
import type { ClusterOptions, OperationContext } from '../operations/context.js';
import { assertExists } from '../operations/locked.js';
import { chosenNodes } from '../operations/nodes.js';
import type { OwnCluster } from '../operations/own.js';
import { proofOf } from '../operations/proof.js';
import { statusOf } from '../operations/status.js';
import { restartNodes, startNodes, stopNodes } from '../operations/stop-start.js';
import { formatAddress } from '../topology/address.js';
import {
  bootstrapServers,
  zookeeperConnect,
  type ClusterNode as TopologyNode,
} from '../topology/topology.js';
import type { Cluster, ClusterNode, NodeLogOptions } from './types.js';

interface Facts {
  environment: Record<string, string>;
  /** Seconds for each wait. */
  timeout: number;
}

/** The engines are its own, and closed at its end. */
export type LibraryContext = OperationContext & { engines: Engines };

/** A cluster that was raised, as the library shows it. */
export function ownCluster(context: LibraryContext, own: OwnCluster, facts: Facts): Cluster {
  const { name, design, project } = own;
  const { topology } = design;
  const { engine } = project;
  const options: ClusterOptions = { name, engine: engine.name, timeout: facts.timeout };
  const life = lifeOf(context, own);
  const observed = async (): ReturnType<typeof engine.observe> => {
    life.assertOurs();
    const there = await engine.observe(name);
    assertExists(there);
    return there;
  };
  return {
    name,
    engine: engine.name,
    bootstrapServers: bootstrapServers(topology),
    zookeeperConnect: zookeeperConnect(topology),
    brokers: topology.brokers.map(shown),
    zookeepers: topology.zookeepers.map(shown),
    environment: facts.environment,
    status: async () => await statusOf(engine, await observed()),
    smoke: async () => await proofOf(context, engine, await observed()),
    logs: async function* (service, wishes = {}) {
      chosenNodes(await observed(), [service]);
      yield* linesOf(own, service, wishes);
    },
    stop: async (...services) => {
      life.assertOurs();
      await stopNodes(context, options, services);
    },
    start: async (...services) => {
      life.assertOurs();
      await startNodes(context, options, services);
    },
    restart: async (...services) => {
      life.assertOurs();
      await restartNodes(context, options, services);
    },
    bundle: async (directory) => {
      const there = { engine, observed: await observed(), directory, name };
      return (await makeBundle(context, there)).path;
    },
    keep: life.keep,
    remove: life.remove,
    [Symbol.asyncDispose]: life.remove,
  };
}

async function* linesOf(
  { name, project }: OwnCluster,
  service: string,
  wishes: NodeLogOptions,
): AsyncGenerator<string> {
  for await (const { line } of project.engine.logs(name, service, wishes)) yield line;
}

interface Life {
  keep: () => Promise<void>;
  remove: () => Promise<void>;
  /** @throws KclusterError `usage` once it is removed or kept */
  assertOurs: () => void;
}

/** A cluster is kept or removed once; its connections go with it. */
function lifeOf({ engines }: LibraryContext, own: OwnCluster): Life {
  let end: { how: 'kept' | 'removed'; done: Promise<void> } | undefined;
  const assertOurs = (): void => {
    if (end) throw new KclusterError('usage', `cluster "${own.name}" is ${end.how} already`);
  };
  const endBy = async (how: 'kept' | 'removed', act: () => Promise<void>): Promise<void> => {
    end ??= { how, done: act().finally(async () => await engines.close()) };
    await end.done;
  };
  return {
    assertOurs,
    keep: async () => {
      if (end?.how === 'removed') assertOurs();
      await endBy('kept', own.keep);
    },
    remove: async () => await endBy('removed', own.remove),
  };
}

function shown({ service, id, hostAddress }: TopologyNode): ClusterNode {
  return { service, id, address: formatAddress(hostAddress) };
}
