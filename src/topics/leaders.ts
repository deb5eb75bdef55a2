import { anyMetadata, askController, brokerTimeoutMs } from '../clients/access.js';
import { brokerSetting } from '../clients/broker-setting.js';
import type { Metadata, PartitionMetadata } from '../clients/protocol/metadata.js';
import { electPreferredLeadersRequest } from '../clients/protocol/reassignments.js';
import { KclusterError } from '../errors.js';
import { firstFew, untilNothingLacks, type TopicsContext } from './context.js';
import { askEveryBroker } from './isr.js';

/** More than replicas that were away for a while take to be in sync again; after long, they may need hours. */
const patienceMs = 30_000;

/**
 * Sees to it that preferred leaders lead, when brokers have come back to their data: who came first leads what the others
 * led. Kafka itself puts that right, but amid the work of clients, whose groups then lose their coordinator: 5 s after a
 * broker has become the controller, and every `leader.imbalance.check.interval.seconds` (KafkaController's
 * scheduleAutoLeaderRebalanceTask). Warns of what is not so in time.
 * @throws KclusterError `interrupted` when the signal aborts
 */
export async function awaitLeaders(context: TopicsContext): Promise<void> {
  const deadline = Math.min(context.deadline, performance.now() + patienceMs);
  let elects: boolean | undefined;
  const look = async (): Promise<string[]> => {
    const lacks = leaderLacks(await askEveryBroker(context));
    const electable = lacks.flatMap(({ electable: partition }) => partition ?? []);
    if (electable.length > 0) elects ??= await electsByItself(context);
    if (electable.length > 0 && elects)
      await askController(context, electPreferredLeadersRequest(electable, brokerTimeoutMs));
    const left = lacks.filter((lack) => !lack.electable || elects);
    return firstFew([...new Set(left.map(({ phrase }) => phrase))]);
  };
  try {
    await untilNothingLacks('not every preferred leader leads', { ...context, deadline }, look);
  } catch (error) {
    if (!(error instanceof KclusterError) || error.kind !== 'notReady') throw error;
    const message = [error.message, ...error.details].join('; ');
    context.emit({ type: 'warning', message: `leaders may still change: ${message}` });
  }
}

/** Whether Kafka makes preferred leaders lead by itself; else the others are wished to. */
async function electsByItself(context: TopicsContext): Promise<boolean> {
  const { brokers } = await anyMetadata(context);
  const setting = 'auto.leader.rebalance.enable';
  return (await brokerSetting(context, brokers[0]!, setting)) !== 'false';
}

/** Why a preferred leader does not lead. */
interface LeaderLack {
  phrase: string;
  /** The partition, where an election makes it lead. */
  electable?: { topic: string; partition: number };
}

/**
 * What keeps preferred leaders from leading, of those that are there; and partitions without a leader that can get one.
 * Pure.
 * @param views every broker's own metadata by its address; undefined for one that does not answer
 */
export function leaderLacks(views: ReadonlyMap<string, Metadata | undefined>): LeaderLack[] {
  return [...views].flatMap(([address, view]) => {
    if (!view) return [{ phrase: `${address} does not answer yet` }];
    const alive = new Set(view.brokers.map(({ id }) => id));
    return view.topics.flatMap(({ name, partitions }) =>
      partitions.flatMap((each) => lackOf(name, each, alive) ?? []),
    );
  });
}

function lackOf(
  topic: string,
  { partition, leader, replicas, isr }: PartitionMetadata,
  alive: ReadonlySet<number>,
): LeaderLack | undefined {
  const [preferred] = replicas;
  const name = `${topic}-${partition}`;
  // What only brokers have that are away can't be led.
  if (leader === preferred || !isr.some((id) => alive.has(id))) return undefined;
  if (preferred === undefined || !alive.has(preferred))
    return leader === undefined ? { phrase: `${name} has no leader` } : undefined;
  if (!isr.includes(preferred)) return { phrase: `${name} is not in sync on broker ${preferred}` };
  return { phrase: `${name} is not led by broker ${preferred}`, electable: { topic, partition } };
}
