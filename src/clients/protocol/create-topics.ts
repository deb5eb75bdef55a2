import type { Request, Verdict } from './request.js';
import type { Reader, Writer } from './wire.js';

export interface TopicToCreate {
  name: string;
  /** Undefined: the broker's `num.partitions`. */
  partitions?: number | undefined;
  /** Undefined: the broker's `default.replication.factor`. */
  replication?: number | undefined;
  config: Readonly<Record<string, string>>;
}

export interface TopicVerdict extends Verdict {
  name: string;
  /** What the topic gets: every config key with its value as Kafka writes it; empty where the topic is refused. */
  config: Record<string, string>;
  partitions: number;
  replication: number;
}

/**
 * Creates topics, or only says whether it could. For the controller.
 * This version (Kafka 2.4 and newer) takes the broker's defaults for what is left out (KIP-464) and tells what each
 * topic gets (KIP-525).
 */
export function createTopicsRequest(
  topics: readonly TopicToCreate[],
  { validateOnly, timeoutMs }: { validateOnly: boolean; timeoutMs: number },
): Request<TopicVerdict[]> {
  return {
    apiKey: 19,
    apiVersion: 5,
    flexible: true,
    encode: (to) => to.array(topics, writeTopic).int32(timeoutMs).bool(validateOnly).end(),
    decode(from) {
      from.int32();
      return from.array(() => readVerdict(from));
    },
  };
}

function writeTopic({ name, partitions, replication, config }: TopicToCreate, to: Writer): void {
  to.string(name)
    .int32(partitions ?? -1)
    .int16(replication ?? -1)
    .array([], () => undefined)
    .array(Object.entries(config), ([key, value]) => to.string(key).string(value).end())
    .end();
}

function readVerdict(from: Reader): TopicVerdict {
  const name = from.string()!;
  const verdict = { code: from.int16(), message: from.string() };
  const [partitions, replication] = [from.int32(), from.int16()];
  const entries = from.array(() => readConfigEntry(from));
  from.end();
  return { name, ...verdict, partitions, replication, config: Object.fromEntries(entries) };
}

function readConfigEntry(from: Reader): [key: string, value: string] {
  const entry: [string, string] = [from.string()!, from.string() ?? ''];
  from.bool();
  from.int8();
  from.bool();
  from.end();
  return entry;
}
