import { askController, brokerTimeoutMs, withAdmin } from '../clients/access.js';
import { causeTypes } from '../clients/failures.js';
import { createTopicsRequest, type TopicVerdict } from '../clients/protocol/create-topics.js';
import { ErrorCode, wordsOf, type Verdict } from '../clients/protocol/request.js';
import { setConfigsRequest } from '../clients/protocol/set-configs.js';
import { interrupted, KclusterError } from '../errors.js';
import { untilNothingLacks, type TopicsContext } from './context.js';
import type { DeclaredTopic } from './declared.js';
import { changeWords, type PlannedChange, type TopicChange, type TopicPlan } from './diff.js';
import { awaitFullIsr } from './isr.js';
import { planTopics } from './plan.js';
import { reassign } from './reassign.js';
import { seedTopic } from './seed.js';

/**
 * Brings the topics to what is declared, and waits until every broker lists all their partitions, led and in sync.
 * May be repeated, and run by several at once: what another has changed meanwhile is compared anew.
 * @returns the changes that were made, none when all was as declared
 * @throws KclusterError as `planTopics` does, before anything is changed; `notReady` at the deadline, `interrupted` on
 * abort. A change that was made by then stays; the next run goes on from there.
 */
export async function applyTopics(
  declared: readonly DeclaredTopic[],
  context: TopicsContext,
): Promise<PlannedChange[]> {
  if (declared.length === 0) return [];
  const made: PlannedChange[] = [];
  const done = (change: PlannedChange): void => {
    made.push(change);
    context.emit({ type: 'notice', message: changeWords(change), changed: true });
  };
  const { changes, notices } = await settle(declared, context, done);
  for (const message of notices) context.emit({ type: 'notice', message });
  const wanted = declared.map(({ name, partitions }) => [name, partitions ?? 1] as const);
  await awaitFullIsr(context, new Map(wanted));
  for (const change of ofKind(changes, 'seed'))
    if (await seedTopic(change.topic, change.file, context)) done(change);
  return made;
}

/** Makes every change but seeds, again until no other run has come between. Resolves to the last plan. */
async function settle(
  declared: readonly DeclaredTopic[],
  context: TopicsContext,
  done: (change: PlannedChange) => void,
): Promise<TopicPlan> {
  let plan!: TopicPlan;
  const lack = 'another run is changing the same topics';
  await untilNothingLacks('the topics kept changing meanwhile', context, async () => {
    plan = await planTopics(declared, context);
    for (const make of [createTopics, setConfigs, changeReplication, addPartitions]) {
      if (context.signal.aborted) throw interrupted();
      const { changed, outrun } = await make(plan.changes, context);
      changed.forEach(done);
      if (!outrun) continue;
      context.emit({ type: 'waiting', for: lack });
      return [lack];
    }
    return [];
  });
  return plan;
}

interface Made {
  changed: PlannedChange[];
  /** Whether another run has changed the same topic meanwhile, so that the plan does not hold any more. */
  outrun: boolean;
}

type OfKind<K extends TopicChange['kind']> = Extract<PlannedChange, { kind: K }>;

function ofKind<K extends TopicChange['kind']>(
  changes: readonly PlannedChange[],
  kind: K,
): OfKind<K>[] {
  return changes.filter((change): change is OfKind<K> => change.kind === kind);
}

async function createTopics(plan: readonly PlannedChange[], context: TopicsContext): Promise<Made> {
  const changes = ofKind(plan, 'create-topic');
  if (changes.length === 0) return { changed: [], outrun: false };
  const topics = changes.map(({ topic: name, ...shape }) => ({ name, ...shape }));
  const verdicts = await askController(
    context,
    createTopicsRequest(topics, { validateOnly: false, timeoutMs: brokerTimeoutMs }),
  );
  const verdictOf = ({ topic }: PlannedChange): TopicVerdict =>
    verdicts.find(({ name }) => name === topic)!;
  return made(
    changes.map((change) => asCreated(change, verdictOf(change))),
    verdictOf,
    [
      ErrorCode.topicAlreadyExists,
      // It is being created still.
      ErrorCode.requestTimedOut,
    ],
  );
}

/** With the brokers' defaults for what the declaration leaves to them. */
function asCreated(
  change: OfKind<'create-topic'>,
  { code, partitions, replication }: TopicVerdict,
): OfKind<'create-topic'> {
  return code === ErrorCode.none ? { ...change, partitions, replication } : change;
}

async function setConfigs(plan: readonly PlannedChange[], context: TopicsContext): Promise<Made> {
  const changes = ofKind(plan, 'set-config');
  if (changes.length === 0) return { changed: [], outrun: false };
  const configs = new Map<string, Record<string, string>>();
  for (const { topic, key, value } of changes)
    configs.set(topic, { ...configs.get(topic), [key]: value });
  const verdicts = await askController(
    context,
    setConfigsRequest([...configs].map(([topic, config]) => ({ topic, config }))),
  );
  return made(changes, (change) => verdicts.find(({ topic }) => topic === change.topic)!, [
    ErrorCode.unknownTopicOrPartition,
  ]);
}

async function changeReplication(
  plan: readonly PlannedChange[],
  context: TopicsContext,
): Promise<Made> {
  const changes = ofKind(plan, 'change-replication');
  await reassign(
    changes.flatMap(({ moves }) => moves),
    context,
  );
  return { changed: changes, outrun: false };
}

/** Another run has added them, or moves the topic's partitions. */
const partitionsOutrun = ['INVALID_PARTITIONS', 'REASSIGNMENT_IN_PROGRESS'];

async function addPartitions(
  plan: readonly PlannedChange[],
  context: TopicsContext,
): Promise<Made> {
  const changes = ofKind(plan, 'add-partitions');
  if (changes.length === 0) return { changed: [], outrun: false };
  const topicPartitions = changes.map(({ topic, to: count }) => ({ topic, count }));
  try {
    await withAdmin(context, async (admin) => await admin.createPartitions({ topicPartitions }));
    return { changed: changes, outrun: false };
  } catch (error) {
    if (!causeTypes(error).some((type) => partitionsOutrun.includes(type))) throw error;
    return { changed: [], outrun: true };
  }
}

/** @throws KclusterError `invalidSpec` with the brokers' words for what they refuse after all */
function made<T extends PlannedChange>(
  changes: readonly T[],
  verdictOf: (change: T) => Verdict,
  outrunBy: readonly number[],
): Made {
  const judged = changes.map((change) => ({ change, verdict: verdictOf(change) }));
  const changed = judged.filter(({ verdict }) => verdict.code === ErrorCode.none);
  const outrun = judged.filter(({ verdict }) => outrunBy.includes(verdict.code));
  const refused = judged.filter((each) => !changed.includes(each) && !outrun.includes(each));
  if (refused.length > 0)
    throw new KclusterError('invalidSpec', 'Kafka refuses the topics', {
      details: refused.map(({ change, verdict }) => `topic ${change.topic}: ${wordsOf(verdict)}`),
    });
  return { changed: changed.map(({ change }) => change), outrun: outrun.length > 0 };
}
