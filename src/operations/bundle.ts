import { archiveName, tarGz, writeArchive } from '../bundle/archive.js';
import { collect, type Part } from '../bundle/collect.js';
import { documentText, observedText } from '../bundle/compose-file.js';
import type { EventLog } from '../bundle/event-log.js';
import { kafkaGroups } from '../bundle/kafka-groups.js';
import { kafkaTopics } from '../bundle/kafka-topics.js';
import { nodeLog } from '../bundle/node-log.js';
import { readmeText } from '../bundle/readme.js';
import { redactText, redactTree } from '../bundle/secrets.js';
import { znodeTree } from '../bundle/znode-tree.js';
import type { KafkaAccess } from '../clients/access.js';
import type { Engine } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import type { Plan } from '../cluster/plan.js';
import type { ComposeDocument } from '../compose/document.js';
import { KclusterError, messageOf } from '../errors.js';
import { inSchemaOrder, originsOf } from '../spec/explained.js';
import { originOf, type ResolvedSpec } from '../spec/resolve.js';
import { kclusterVersion } from '../system/version.js';
import { recoverTopology } from '../topology/recover.js';
import { zookeeperConnect, type Topology } from '../topology/topology.js';
import type { OperationContext } from './context.js';
import { resolveOn } from './design.js';
import { assertInReach } from './reach.js';
import { statusOf } from './status.js';

/** What a bundle is made of; what is left out, it has not, or finds in what is there. */
export interface BundleOptions {
  engine: Engine;
  observed: ObservedProject;
  topology?: Topology;
  document?: ComposeDocument;
  plan?: Plan;
  events?: EventLog;
  spec?: ResolvedSpec;
  /** Why it is made, where something was thrown. */
  error?: unknown;
  /** Made if it is not there. */
  directory: string;
  /** Part of the name of the file; that of the cluster, as a rule. */
  name: string;
}

/** A bundle that was written. */
export interface Bundle {
  /** Absolute. */
  path: string;
  /** What could not be collected, `FILE: why` each. */
  problems: string[];
}

const limits = { ms: 20_000, graceMs: 5000 };
const sessionTimeoutMs = 5000;

/**
 * Writes `kcluster-NAME-TIME.tar.gz` with all that tells of a cluster, and resolves to its path; changes nothing of the
 * cluster. What can't be collected is no failure.
 * @throws KclusterError `usage` for a directory that can't be written, `interrupted` when the signal aborts
 */
export async function bundleCluster(
  context: Pick<OperationContext, 'signal'>,
  options: BundleOptions,
): Promise<string> {
  return (await makeBundle(context, options)).path;
}

/** The same, and what could not be collected. */
export async function makeBundle(
  { signal }: Pick<OperationContext, 'signal'>,
  options: BundleOptions,
): Promise<Bundle> {
  const { engine, observed, directory, name } = options;
  const time = new Date();
  const parts = partsOf(options);
  const { entries, problems } = await collect(parts, limits, signal);
  const readme = readmeText({
    cluster: observed.project,
    time,
    version: kclusterVersion(),
    engine: `${engine.name}: ${redactText(engine.description)}`,
    parts: parts.filter(({ path }) => entries.some((entry) => entry.path === path)),
    problems,
  });
  const told = problems.length === 0 ? [] : [{ path: 'problems.txt', content: lines(problems) }];
  const stem = archiveName(name, time);
  const all = [{ path: 'README.txt', content: readme }, ...told, ...entries];
  return { path: await writeArchive(directory, stem, await tarGz(stem, all, time)), problems };
}

function partsOf(options: BundleOptions): Part[] {
  const { engine, observed, topology = recoverTopology(observed), plan, events, error } = options;
  const { nodes, project } = observed;
  const access = (): KafkaAccess => ({
    bootstrap: topology.brokers.map(({ hostAddress }) => hostAddress),
    dial: (to) => engine.dial(project, 'host', to),
  });
  return [
    ...(error === undefined
      ? []
      : [part('error.json', 'why this was made', () => json(failureOf(error)))]),
    composePart(options),
    part('spec.json', 'each value of the specification, and where it comes from', () =>
      specText(options),
    ),
    ...(plan ? [part('plan.json', 'the steps of the run, with causes', () => json(plan))] : []),
    ...(events
      ? [
          part('events.ndjson', 'what happened during the run, an event a line', () =>
            redactLines(events.text()),
          ),
        ]
      : []),
    part('status.json', 'health, as `kcluster status --output json` tells it', async () =>
      json(await statusOf(engine, observed)),
    ),
    part('nodes.json', 'containers or processes, as the engine shows them', () => json(observed)),
    ...nodes.map(({ service }) =>
      part(
        `logs/${service}.log`,
        `what ${service} wrote`,
        async (signal) => await nodeLog(engine, project, service, signal),
      ),
    ),
    part('zookeeper/tree.json', 'znodes with data and stat', async (signal, tell) =>
      json(await readTree(options, topology, signal, tell)),
    ),
    part('kafka/topics.json', 'topics, partitions, offsets, settings', async (_signal, tell) =>
      json(await kafkaTopics(access(), tell)),
    ),
    part('kafka/groups.json', 'consumer groups, members, offsets, lag', async (_signal, tell) =>
      json(await kafkaGroups(access(), tell)),
    ),
  ];
}

function part(path: string, title: string, content: Part['collect']): Part {
  return { path, title, collect: content };
}

function composePart({ document, observed }: BundleOptions): Part {
  return document
    ? part('compose.yaml', 'the document of the cluster', () => documentText(document))
    : part('compose.yaml', 'nodes as observed, in the form of a compose file', () =>
        observedText(observed),
      );
}

/** Origins are no values: a name that ends as a secret's does is none there. */
function specText({ engine, observed, spec: known }: BundleOptions): string {
  const { project: name } = observed;
  const resolved = known ?? resolveOn(engine, { name, givenName: name }, observed);
  const spec = inSchemaOrder({ ...resolved.spec });
  const origins = originsOf(spec, originOf.bind(undefined, resolved.layers));
  return `${JSON.stringify({ spec: redactTree(spec), origins }, null, 2)}\n`;
}

async function readTree(
  { engine, observed }: BundleOptions,
  topology: Topology,
  signal: AbortSignal,
  tell: (problem: string) => void,
): Promise<unknown> {
  if (topology.zookeepers.length === 0) throw new Error('there is no ZooKeeper');
  assertInReach(engine, observed);
  const { withZooKeeper } = await import('../clients/zookeeper.js');
  return await withZooKeeper(
    zookeeperConnect(topology),
    sessionTimeoutMs,
    async (session) => await znodeTree(session, signal, tell),
  );
}

function failureOf(error: unknown): unknown {
  const message = messageOf(error);
  if (!(error instanceof KclusterError))
    return { kind: 'bug', message, stack: error instanceof Error ? error.stack : undefined };
  const { kind, details, hints, cause } = error;
  return { kind, message, details, hints, ...(cause !== undefined && { cause: messageOf(cause) }) };
}

function json(value: unknown): string {
  return `${JSON.stringify(redactTree(value), null, 2)}\n`;
}

/** Of lines that are JSON each. */
function redactLines(text: string): string {
  return text
    .split('\n')
    .map((line) => redactTree(line) as string)
    .join('\n');
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
