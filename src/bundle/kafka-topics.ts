import { metadataOf, type KafkaAccess } from '../clients/access.js';
import {
  describeConfigsRequest,
  type DescribedConfig,
} from '../clients/protocol/describe-configs.js';
import { listOffsetsRequest, type OffsetOf } from '../clients/protocol/list-offsets.js';
import type { Metadata, TopicMetadata } from '../clients/protocol/metadata.js';
import { ask, ErrorCode, wordsOf } from '../clients/protocol/request.js';
import { formatAddress } from '../topology/address.js';
import { messageOf } from '../errors.js';

const requestTimeoutMs = 5000;
const mostPartitions = 5000;

type Tell = (problem: string) => void;

/** The metadata of a broker that answers; all are asked at once. @throws Error when none answers */
export async function metadataOfAny({ bootstrap, dial }: KafkaAccess): Promise<Metadata> {
  const views = await Promise.all(bootstrap.map(async (each) => await metadataOf(each, dial)));
  const view = views.find((each) => each !== undefined);
  if (view) return view;
  if (bootstrap.length === 0) throw new Error('there is no broker');
  throw new Error(`no broker answers at ${bootstrap.map(formatAddress).join(', ')}`);
}

/** Every topic as a broker knows it, with the offsets that leaders tell and the settings that are not Kafka's default. */
export async function kafkaTopics(access: KafkaAccess, tell: Tell): Promise<unknown> {
  const metadata = await metadataOfAny(access);
  const { shown, leftOut } = firstTopics(metadata.topics);
  const partitions = shown.flatMap(({ name: topic, partitions: each }) =>
    each.map((partition) => ({ topic, ...partition })),
  );
  const [begins, ends, configs] = await Promise.all([
    offsetsOf('begin', partitions, metadata, access, tell),
    offsetsOf('end', partitions, metadata, access, tell),
    configsOf(shown, metadata, access, tell),
  ]);
  return {
    controller: metadata.controller ?? null,
    brokers: metadata.brokers,
    topics: shown.map(({ name, partitions: each }) => ({
      name,
      config: configs.get(name) ?? null,
      partitions: each.map(({ partition, leader, replicas, isr }) => ({
        partition,
        leader: leader ?? null,
        replicas,
        isr,
        beginOffset: begins.get(`${name}-${partition}`) ?? null,
        endOffset: ends.get(`${name}-${partition}`) ?? null,
      })),
    })),
    leftOut,
  };
}

/** As many as have no more partitions than can be asked for, by name. */
function firstTopics(topics: readonly TopicMetadata[]): {
  shown: TopicMetadata[];
  leftOut: number;
} {
  const sorted = topics.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  let room = mostPartitions;
  const shown = sorted.filter(({ partitions }) => (room -= partitions.length) >= 0);
  return { shown, leftOut: sorted.length - shown.length };
}

/** By topic. Brokers read them from ZooKeeper: without it there is no answer. */
async function configsOf(
  topics: readonly TopicMetadata[],
  { brokers }: Metadata,
  { dial }: KafkaAccess,
  tell: Tell,
): Promise<Map<string, Record<string, DescribedConfig>>> {
  const [broker] = brokers;
  if (topics.length === 0 || !broker) return new Map();
  try {
    const request = describeConfigsRequest(topics.map(({ name }) => ({ kind: 'topic', name })));
    const answers = await ask(broker.address, dial, requestTimeoutMs, request);
    for (const { name, ...verdict } of answers)
      if (verdict.code !== ErrorCode.none) tell(`no settings of ${name}: ${wordsOf(verdict)}`);
    return new Map(answers.map(({ name, configs }) => [name, changedOf(configs)]));
  } catch (error) {
    tell(`no settings: ${messageOf(error)}`);
    return new Map();
  }
}

/** What is not Kafka's default. */
function changedOf(configs: Record<string, DescribedConfig>): Record<string, DescribedConfig> {
  const changed = Object.entries(configs).filter(([, { source }]) => source !== 'DEFAULT_CONFIG');
  return Object.fromEntries(changed);
}

/** The begin or the end of each partition's log, by `TOPIC-PARTITION`; of those whose leader tells. */
export async function offsetsOf(
  which: OffsetOf,
  partitions: readonly { topic: string; partition: number; leader: number | undefined }[],
  { brokers }: Metadata,
  { dial }: KafkaAccess,
  tell: Tell,
): Promise<Map<string, number>> {
  const offsets = new Map<string, number>();
  const asked = brokers.map(async ({ id, address }) => {
    const led = partitions.filter(({ leader }) => leader === id);
    if (led.length === 0) return;
    try {
      const request = listOffsetsRequest(led, which);
      for (const answer of await ask(address, dial, requestTimeoutMs, request)) {
        const name = `${answer.topic}-${answer.partition}`;
        if (answer.code === ErrorCode.none) offsets.set(name, Number(answer.offset));
        else tell(`no ${which} of ${name}: ${wordsOf({ ...answer, message: null })}`);
      }
    } catch (error) {
      tell(`no ${which} of partitions that broker ${id} leads: ${messageOf(error)}`);
    }
  });
  await Promise.all(asked);
  return offsets;
}
