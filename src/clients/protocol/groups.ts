import type { Address } from '../../topology/address.js';
import type { Request } from './request.js';
import { Reader } from './wire.js';

/*
 * What a broker knows of the groups that it coordinates. kafkajs asks every broker, and fails when one does not answer.
 */

/** The names of the groups that the asked broker coordinates. Kafka 1.1 and newer. */
export const listGroupsRequest: Request<{ code: number; groups: string[] }> = {
  apiKey: 16,
  apiVersion: 2,
  flexible: false,
  encode: () => undefined,
  decode(from) {
    from.int32(); // throttle time
    const code = from.int16();
    const groups = from.array(() => {
      const group = from.string()!;
      from.string(); // protocol type
      return group;
    });
    return { code, groups };
  },
};

/** The broker that coordinates a group, and where clients of the asked listener reach it. */
export interface Coordinator {
  /** One of Kafka's error codes; there is no broker with one. */
  code: number;
  address: Address;
}

/** For any broker, which creates the topic that keeps groups where there is none yet. Kafka 0.11 and newer. */
export function findCoordinatorRequest(group: string): Request<Coordinator> {
  return {
    apiKey: 10,
    apiVersion: 1,
    flexible: false,
    encode: (to) => to.string(group).int8(0), // the name is that of a group
    decode(from) {
      from.int32(); // throttle time
      const code = from.int16();
      from.string(); // error message
      from.int32(); // the broker's id
      return { code, address: { host: from.string()!, port: from.int32() } };
    },
  };
}

export interface GroupMember {
  memberId: string;
  clientId: string;
  clientHost: string;
  /** Of a consumer. */
  assignment?: { topic: string; partitions: number[] }[];
}

export interface GroupDescription {
  group: string;
  /** One of Kafka's error codes. */
  code: number;
  /** `Stable`, `Empty`, `Dead`, ... */
  state: string;
  /** `consumer` for consumers. */
  protocolType: string;
  /** The assignor that consumers have agreed on. */
  protocol: string;
  members: GroupMember[];
}

/** State and members. For the coordinator of all of these groups. Kafka 2.0 and newer. */
export function describeGroupsRequest(groups: readonly string[]): Request<GroupDescription[]> {
  return {
    apiKey: 15,
    apiVersion: 2,
    flexible: false,
    encode: (to) => to.array(groups, (group) => to.string(group)),
    decode(from) {
      from.int32(); // throttle time
      return from.array((): GroupDescription => {
        const code = from.int16();
        const [group, state] = [from.string()!, from.string()!];
        const [protocolType, protocol] = [from.string()!, from.string()!];
        const members = from.array(() => readMember(from, protocolType));
        return { group, code, state, protocolType, protocol, members };
      });
    },
  };
}

function readMember(from: Reader, protocolType: string): GroupMember {
  const member = {
    memberId: from.string()!,
    clientId: from.string()!,
    clientHost: from.string()!,
  };
  from.blob(); // what it subscribes to
  const assigned = from.blob();
  const assignment = protocolType === 'consumer' && assigned ? readAssignment(assigned) : undefined;
  return { ...member, ...(assignment && { assignment }) };
}

/** As Kafka's ConsumerProtocolAssignment writes it; undefined while a member has none, or when it is something else. */
function readAssignment(bytes: Buffer): GroupMember['assignment'] {
  const from = new Reader(bytes, false);
  try {
    from.int16(); // version
    return from.array(() => ({
      topic: from.string() ?? '',
      partitions: from.array(() => from.int32()),
    }));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

export interface CommittedOffset {
  topic: string;
  partition: number;
  offset: bigint;
}

/** Every offset that a group has committed. For its coordinator. Kafka 0.11 and newer. */
export function offsetFetchRequest(
  group: string,
): Request<{ code: number; offsets: CommittedOffset[] }> {
  return {
    apiKey: 9,
    apiVersion: 3,
    flexible: false,
    encode: (to) => to.string(group).array(null, () => undefined),
    decode(from) {
      from.int32(); // throttle time
      const perTopic = from.array(() => {
        const topic = from.string()!;
        return from.array((): CommittedOffset => {
          const partition = from.int32();
          const offset = from.int64();
          from.string(); // metadata
          from.int16(); // error code
          return { topic, partition, offset };
        });
      });
      return { code: from.int16(), offsets: perTopic.flat().filter(({ offset }) => offset >= 0n) };
    },
  };
}
