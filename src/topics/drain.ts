import { anyMetadata } from '../clients/access.js';
import type { Metadata, PartitionMetadata } from '../clients/protocol/metadata.js';
import { describeTopicConfigs } from '../clients/topic-configs.js';
import { KclusterError } from '../errors.js';
import { firstFew, type TopicsContext } from './context.js';
import { drainPlan, nameOf, type Move } from './moves.js';
import { reassign } from './reassign.js';
import { readState } from './state.js';

/**
 * Moves everything off brokers, again until nothing new has come to them meanwhile; goes on with what an earlier run
 * has begun.
 * @throws KclusterError as `checkDeparture` and `reassign` do
 */
export async function drain(brokerIds: readonly number[], context: TopicsContext): Promise<void> {
  for (;;) {
    const { moves } = await departure(brokerIds, context);
    if (moves.length === 0) return;
    await reassign(moves, context);
  }
}

/**
 * Warns of the topics that get fewer replicas once the brokers are gone.
 * @throws KclusterError `conflict` when the other brokers can't take what these have
 */
export async function checkDeparture(
  brokerIds: readonly number[],
  context: TopicsContext,
): Promise<void> {
  const { shrunk } = await departure(brokerIds, context);
  if (shrunk.length === 0) return;
  const topics = firstFew(shrunk.map(({ topic, replicas }) => `${topic} (${replicas})`)).join(', ');
  const message = `fewer brokers are left than these topics have replicas, and they keep fewer: ${topics}`;
  context.emit({ type: 'warning', message });
}

interface Departure {
  moves: Move[];
  /** Topics that get fewer replicas, and how many then. */
  shrunk: { topic: string; replicas: number }[];
}

async function departure(brokerIds: readonly number[], context: TopicsContext): Promise<Departure> {
  // In this order: a move that ends in between is then seen as done.
  const { hosts, partitions } = await readState(context, []);
  const metadata = await anyMetadata(context);
  assertReachable(brokerIds, metadata);
  const plan = drainPlan(partitions, brokerIds, hosts);
  const shrunk = plan.shrunk.map((topic) => ({
    topic,
    replicas: Math.min(
      ...plan.moves.filter((move) => move.topic === topic).map(({ to }) => to.length),
    ),
  }));
  await assertStillEnough(shrunk, context);
  return { moves: [...plan.moves, ...underWay(brokerIds, partitions, metadata)], shrunk };
}

/** Moves off these brokers that an earlier run has begun: their goals are without them, but they still hold them. */
function underWay(
  brokerIds: readonly number[],
  goals: readonly { topic: string; partition: number; replicas: readonly number[] }[],
  metadata: Metadata,
): Move[] {
  const held = new Map(
    heldBy(brokerIds, metadata).map(({ topic, replicas, partition }) => [
      nameOf({ topic, partition }),
      replicas,
    ]),
  );
  return goals.flatMap(({ topic, partition, replicas: to }) => {
    const from = held.get(nameOf({ topic, partition }));
    return from && !to.some((id) => brokerIds.includes(id)) ? { topic, partition, from, to } : [];
  });
}

function heldBy(
  brokerIds: readonly number[],
  { topics }: Metadata,
): (PartitionMetadata & { topic: string })[] {
  return topics.flatMap(({ name: topic, partitions }) =>
    partitions
      .filter(({ replicas }) => replicas.some((id) => brokerIds.includes(id)))
      .map((partition) => ({ ...partition, topic })),
  );
}

/** A partition without a leader has no replica from which another could be made. */
function assertReachable(brokerIds: readonly number[], metadata: Metadata): void {
  const lost = heldBy(brokerIds, metadata).filter(({ leader }) => leader === undefined);
  if (lost.length === 0) return;
  throw new KclusterError('conflict', 'not every partition can be moved', {
    details: firstFew(
      lost.map(
        (each) =>
          `${nameOf(each)} is in sync on broker ${each.isr.join(', ')} only, which does not run`,
      ),
    ),
    hints: ['Start the brokers that hold them with `kcluster start`, and do it again.'],
  });
}

const setting = 'min.insync.replicas';

/** Of what a topic says itself; what brokers say for every topic goes by their number. */
async function assertStillEnough(
  shrunk: Departure['shrunk'],
  context: TopicsContext,
): Promise<void> {
  const configs = await describeTopicConfigs(
    context,
    shrunk.map(({ topic }) => topic),
  );
  const short = shrunk.flatMap(({ topic, replicas }) => {
    const wanted = Number(configs.get(topic)?.own[setting] ?? 0);
    return wanted > replicas
      ? [`topic ${topic} has ${setting}=${wanted}, and would have ${replicas} replicas`]
      : [];
  });
  if (short.length === 0) return;
  throw new KclusterError('conflict', 'topics would take no more records with acks=all', {
    details: firstFew(short),
    hints: [`Lower ${setting} of these topics first, or keep more brokers.`],
  });
}
