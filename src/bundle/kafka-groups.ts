import type { KafkaAccess } from '../clients/access.js';
import {
  describeGroupsRequest,
  listGroupsRequest,
  offsetFetchRequest,
  type CommittedOffset,
  type GroupDescription,
} from '../clients/protocol/groups.js';
import type { BrokerMetadata } from '../clients/protocol/metadata.js';
import { ask, ErrorCode, wordsOf, type Request } from '../clients/protocol/request.js';
import { messageOf } from '../errors.js';
import { metadataOfAny, offsetsOf } from './kafka-topics.js';

const requestTimeoutMs = 5000;
const mostGroups = 500;

type Tell = (problem: string) => void;
type Coordinated = GroupDescription & { coordinator: number; offsets: CommittedOffset[] };

/** Every group with its members, what it has committed, and how far that is behind the end of each log. */
export async function kafkaGroups(access: KafkaAccess, tell: Tell): Promise<unknown> {
  const metadata = await metadataOfAny(access);
  const leaders = new Map<string, number | undefined>(
    metadata.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, leader }) => [`${name}-${partition}`, leader] as const),
    ),
  );
  const found = await Promise.all(
    metadata.brokers.map(async (broker) => await groupsOf(broker, access, tell)),
  );
  const groups = found.flatMap((each) => each.groups);
  const committed = new Map(
    groups.flatMap(({ offsets }) =>
      offsets.map(({ topic, partition }) => {
        const name = `${topic}-${partition}`;
        return [name, { topic, partition, leader: leaders.get(name) }] as const;
      }),
    ),
  );
  const ends = await offsetsOf('end', [...committed.values()], metadata, access, tell);
  return {
    groups: groups
      .toSorted((a, b) => (a.group < b.group ? -1 : 1))
      .map(({ offsets, ...group }) => ({
        ...group,
        offsets: offsets.map((each) => withLag(each, ends)),
      })),
    leftOut: found.reduce((sum, { leftOut }) => sum + leftOut, 0),
  };
}

function withLag(
  { topic, partition, offset }: CommittedOffset,
  ends: ReadonlyMap<string, number>,
): unknown {
  const end = ends.get(`${topic}-${partition}`);
  const committed = Number(offset);
  return {
    topic,
    partition,
    committed,
    endOffset: end ?? null,
    lag: end === undefined ? null : end - committed,
  };
}

/** Those that a broker coordinates. */
async function groupsOf(
  broker: BrokerMetadata,
  { dial }: KafkaAccess,
  tell: Tell,
): Promise<{ groups: Coordinated[]; leftOut: number }> {
  const send = async <T>(request: Request<T>): Promise<T> =>
    await ask(broker.address, dial, requestTimeoutMs, request);
  try {
    const { code, groups: names } = await send(listGroupsRequest);
    if (code !== ErrorCode.none) throw new Error(wordsOf({ code, message: null }));
    const shown = names.toSorted().slice(0, mostGroups);
    const described = shown.length === 0 ? [] : await send(describeGroupsRequest(shown));
    const groups: Coordinated[] = [];
    // One after the other: each is a connection of its own.
    for (const group of described) {
      const { code: refusal, offsets } = await send(offsetFetchRequest(group.group));
      if (refusal !== ErrorCode.none)
        tell(`no offsets of ${group.group}: ${wordsOf({ code: refusal, message: null })}`);
      groups.push({ ...group, coordinator: broker.id, offsets });
    }
    return { groups, leftOut: names.length - shown.length };
  } catch (error) {
    tell(`groups that broker ${broker.id} coordinates: ${messageOf(error)}`);
    return { groups: [], leftOut: 0 };
  }
}
