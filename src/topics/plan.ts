import { KclusterError } from '../errors.js';
import { formatAddress } from '../topology/address.js';
import type { TopicsContext } from './context.js';
import type { DeclaredTopic } from './declared.js';
import { diffTopics, type Refusals, type TopicPlan } from './diff.js';
import { checkSeed, seedFileProblem } from './seed-file.js';
import { readState, type TopicsState } from './state.js';
import { validate } from './validate.js';

/**
 * Finds out what brings the topics to what is declared; changes nothing.
 * @throws KclusterError with every problem at once: `invalidSpec` for what the brokers do not take and for seeds that
 * can't be read, `conflict` for what would lose data; `notReady` when the brokers do not answer
 */
export async function planTopics(
  declared: readonly DeclaredTopic[],
  context: TopicsContext,
): Promise<TopicPlan> {
  if (declared.length === 0) return { changes: [], notices: [] };
  const state = await readState(context, declared);
  const validated = await validate(context, declared, state.topics);
  const { plan, refusals } = diffTopics(declared, state, validated);
  const seeds = await checkSeeds(declared, state.topics);
  const { invalid, losing } = refusals;
  assertPossible({ invalid: [...invalid, ...seeds.problems], losing }, context);
  return {
    changes: plan.changes.filter(({ kind, topic }) => kind !== 'seed' || !seeds.empty.has(topic)),
    notices: plan.notices,
  };
}

/**
 * Reads every seed to its end, as far as that can be done without the cluster.
 * @throws KclusterError `invalidSpec` with every problem of every seed
 */
export async function assertSeeds(declared: readonly DeclaredTopic[]): Promise<void> {
  const { problems } = await checkSeeds(declared, new Map());
  if (problems.length === 0) return;
  throw new KclusterError('invalidSpec', 'the seeds of topics can not be sent', {
    details: problems,
  });
}

/** Every seed must be there; those that are to be sent are read to their end. */
async function checkSeeds(
  declared: readonly DeclaredTopic[],
  topics: TopicsState['topics'],
): Promise<{ problems: string[]; empty: Set<string> }> {
  const problems: string[] = [];
  const empty = new Set<string>();
  for (const { name, seed, partitions } of declared) {
    if (seed === undefined) continue;
    const unreadable = await seedFileProblem(seed);
    if (unreadable !== undefined) problems.push(`the seed of topic ${name}: ${unreadable}`);
    else if (!topics.get(name)?.hasRecords) {
      const check = await checkSeed(seed, partitions ?? topics.get(name)?.partitions.length);
      problems.push(...check.problems);
      if (check.records === 0) empty.add(name);
    }
  }
  return { problems, empty };
}

function assertPossible({ invalid, losing }: Refusals, { bootstrap }: TopicsContext): void {
  const details = [...invalid, ...losing];
  if (details.length === 0) return;
  const message = 'the topics can not be brought to what is declared';
  const kind = invalid.length > 0 ? 'invalidSpec' : 'conflict';
  const command = `kafka-topics.sh --bootstrap-server ${formatAddress(bootstrap[0]!)}`;
  throw new KclusterError(kind, message, {
    details,
    hints:
      losing.length === 0
        ? []
        : [
            'Declare as many partitions as the topic has.',
            `Or delete it with its records by \`${command} --delete --topic NAME\`; it is then created as declared.`,
          ],
  });
}
