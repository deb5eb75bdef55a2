import { setTimeout as sleep } from 'node:timers/promises';
import { anyMetadata, askController, brokerTimeoutMs } from '../clients/access.js';
import type { Metadata } from '../clients/protocol/metadata.js';
import {
  alterReassignmentsRequest,
  electPreferredLeadersRequest,
  listReassignmentsRequest,
  type PartitionVerdict,
} from '../clients/protocol/reassignments.js';
import { ErrorCode, wordsOf } from '../clients/protocol/request.js';
import { KclusterError, messageOf } from '../errors.js';
import { firstFew, untilNothingLacks, type TopicsContext } from './context.js';
import { nameOf, type Move } from './moves.js';

const task = 'moving partitions';

/**
 * Moves partitions, and waits until each is on its new replicas, all in sync; then the first of them leads. A topic
 * that is deleted meanwhile counts as moved. When it ends early, moves that are under way are taken back; those that
 * are done stay.
 * @throws KclusterError `conflict` when Kafka refuses a move, `notReady` at the deadline, `interrupted` on abort
 */
export async function reassign(moves: readonly Move[], context: TopicsContext): Promise<void> {
  if (moves.length === 0) return;
  try {
    await begin(moves, context);
    await awaitMoved(moves, context);
  } catch (error) {
    await cancel(moves, context);
    throw error;
  } finally {
    context.emit({ type: 'progress-done', task });
  }
  await electPreferred(moves, context);
}

async function begin(moves: readonly Move[], context: TopicsContext): Promise<void> {
  const targets = moves.map(({ topic, partition, to }) => ({ topic, partition, replicas: to }));
  const verdicts = await askController(
    context,
    alterReassignmentsRequest(targets, brokerTimeoutMs),
  );
  const refused = verdicts.filter(isBad(ErrorCode.unknownTopicOrPartition));
  if (refused.length === 0) return;
  throw new KclusterError('conflict', 'Kafka does not move every partition', {
    details: firstFew(refused.map(phrase)),
  });
}

/** Whether a verdict is none of those that are fine. */
function isBad(...fine: number[]): (verdict: PartitionVerdict) => boolean {
  return ({ code }) => code !== ErrorCode.none && !fine.includes(code);
}

function phrase(verdict: PartitionVerdict): string {
  return `${nameOf(verdict)}: ${wordsOf(verdict)}`;
}

async function awaitMoved(moves: readonly Move[], context: TopicsContext): Promise<void> {
  await untilNothingLacks('not every partition was moved in time', context, async () => {
    // In this order: a move that is not under way any more shows its end in what is read after.
    const underWay = await movesUnderWay(context);
    const metadata = await anyMetadata(context);
    const left = moves.filter((move) => underWay.has(nameOf(move)) || !isDone(move, metadata));
    context.emit({
      type: 'progress',
      task,
      current: moves.length - left.length,
      total: moves.length,
      unit: 'partitions',
    });
    return firstFew(
      left.map(
        ({ topic, partition, to }) => `${topic}-${partition} is not on broker ${to.join(', ')} yet`,
      ),
    );
  });
}

/** Partitions that are being moved, as `TOPIC-PARTITION`. */
async function movesUnderWay(context: TopicsContext): Promise<Set<string>> {
  const [verdict] = await askController(context, listReassignmentsRequest(brokerTimeoutMs));
  return new Set(verdict!.moves.map(nameOf));
}

function isDone({ topic, partition, to }: Move, { topics }: Metadata): boolean {
  const now = topics
    .find(({ name }) => name === topic)
    ?.partitions.find((each) => each.partition === partition);
  if (!now) return true;
  return now.replicas.join() === to.join() && to.every((id) => now.isr.includes(id));
}

const cancelPatienceMs = 10_000;
const cancelPauseMs = 100;

/** Takes back what is still under way. That it could not must not hide why it was to. */
async function cancel(moves: readonly Move[], context: TopicsContext): Promise<void> {
  try {
    const underWay = await movesUnderWay(context);
    const ours = moves.filter((move) => underWay.has(nameOf(move)));
    if (ours.length === 0) return;
    const targets = ours.map(({ topic, partition }) => ({ topic, partition, replicas: null }));
    const verdicts = await askController(
      context,
      alterReassignmentsRequest(targets, brokerTimeoutMs),
    );
    const refused = verdicts.filter(isBad(ErrorCode.noReassignmentInProgress));
    if (refused.length > 0) throw new Error(firstFew(refused.map(phrase)).join('; '));
    await awaitCancelled(ours, context);
  } catch (error) {
    context.emit({
      type: 'warning',
      message: `partitions may still be moving: ${messageOf(error)}`,
    });
  }
}

async function awaitCancelled(moves: readonly Move[], context: TopicsContext): Promise<void> {
  const patience = performance.now() + cancelPatienceMs;
  for (;;) {
    const underWay = await movesUnderWay(context);
    if (!moves.some((move) => underWay.has(nameOf(move)))) return;
    if (performance.now() > patience) throw new Error('Kafka has not taken back every move');
    await sleep(cancelPauseMs);
  }
}

async function electPreferred(moves: readonly Move[], context: TopicsContext): Promise<void> {
  const verdicts = await askController(
    context,
    electPreferredLeadersRequest(moves, brokerTimeoutMs),
  );
  const refused = verdicts.filter(
    isBad(ErrorCode.electionNotNeeded, ErrorCode.unknownTopicOrPartition),
  );
  if (refused.length === 0) return;
  const message = `not every preferred leader leads: ${firstFew(refused.map(phrase)).join('; ')}`;
  context.emit({ type: 'warning', message });
}
