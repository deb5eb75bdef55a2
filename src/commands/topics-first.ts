import type { Engine } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import { KclusterError } from '../errors.js';
import type { DeclaredTopic } from '../topics/declared.js';
import { recoverTopology } from '../topology/recover.js';
import { topicsContext } from './cluster-steps.js';
import type { CommandContext } from './context.js';

/** How long brokers that run get to say what topics there are. */
const patienceMs = 10_000;

/**
 * Finds out before anything is changed whether the topics can be what is declared: seeds by their files, the rest by
 * the brokers where they run.
 * @throws KclusterError `invalidSpec` or `conflict` with every problem at once
 */
export async function assertTopicsPossible(
  topics: readonly DeclaredTopic[],
  { signal, emit }: CommandContext,
  engine: Engine,
  observed: ObservedProject,
): Promise<void> {
  if (topics.length === 0) return;
  const { assertSeeds, planTopics } = await import('../topics/plan.js');
  await assertSeeds(topics);
  const topology = recoverTopology(observed);
  const isUp =
    topology.brokers.length > 0 && observed.nodes.every(({ state }) => state === 'running');
  if (!isUp) return;
  const deadline = performance.now() + patienceMs;
  try {
    const now = topics.map((topic) => withinReach(topic, topology.brokers.length));
    await planTopics(now, topicsContext({ engine, topology, deadline, signal, emit }));
  } catch (error) {
    // Brokers that do not answer now are asked again once the cluster is ready.
    if (error instanceof KclusterError && error.kind === 'notReady') return;
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
