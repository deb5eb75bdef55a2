import type { Engine } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import { KclusterError } from '../errors.js';
import type { DeclaredTopic } from '../topics/declared.js';
import type { PlannedChange } from '../topics/diff.js';
import { recoverTopology } from '../topology/recover.js';
import { topicsContext } from './cluster-steps.js';
import type { OperationContext } from './context.js';

/** How long brokers that run get to say what topics there are. */
const patienceMs = 10_000;

/**
 * Finds out before anything is changed whether the topics can be what is declared: seeds by their files, the rest by
 * the brokers where they run.
 * @returns what will change of them, as far as that is known before all brokers run
 * @throws KclusterError `invalidSpec` or `conflict` with every problem at once
 */
export async function assertTopicsPossible(
  topics: readonly DeclaredTopic[],
  context: OperationContext,
  engine: Engine,
  observed: ObservedProject,
): Promise<PlannedChange[]> {
  if (topics.length === 0) return [];
  const changes = await changesOf(topics, context, engine, observed);
  if (changes) return changes;
  const { assertSeeds } = await import('../topics/plan.js');
  await assertSeeds(topics);
  return [];
}

/** Undefined where brokers do not run, or do not answer: they are asked once the cluster is ready. */
async function changesOf(
  topics: readonly DeclaredTopic[],
  { signal, emit }: OperationContext,
  engine: Engine,
  observed: ObservedProject,
): Promise<PlannedChange[] | undefined> {
  const topology = recoverTopology(observed);
  const isUp =
    topology.brokers.length > 0 && observed.nodes.every(({ state }) => state === 'running');
  if (!isUp) return undefined;
  const { planTopics } = await import('../topics/plan.js');
  const deadline = performance.now() + patienceMs;
  try {
    const there = topicsContext({ engine, topology, deadline, signal, emit });
    const now = topics.map((topic) => withinReach(topic, topology.brokers.length));
    return (await planTopics(now, there)).changes;
  } catch (error) {
    if (error instanceof KclusterError && error.kind === 'notReady') return undefined;
    throw error;
  }
}

/** Brokers that this run adds can't be asked yet; that there will be enough of them is a rule of the specification. */
function withinReach({ replication, ...topic }: DeclaredTopic, brokers: number): DeclaredTopic {
  return {
    ...topic,
    ...(replication !== undefined && { replication: Math.min(replication, brokers) }),
  };
}
