import { randomBytes } from 'node:crypto';
import { askController, brokerTimeoutMs, type KafkaAccess } from '../clients/access.js';
import {
  createTopicsRequest,
  type TopicToCreate,
  type TopicVerdict,
} from '../clients/protocol/create-topics.js';
import { ErrorCode, wordsOf } from '../clients/protocol/request.js';
import type { DeclaredTopic } from './declared.js';
import type { TopicThere } from './state.js';

/** What the brokers say of a declared topic before anything is changed. */
export interface Validated {
  /** Why they would refuse it, in their words; empty when they would not. */
  problems: string[];
  /** The declared configuration as Kafka writes its values: `100` for `0100`, `true` for `TRUE`. */
  config: Record<string, string>;
}

/**
 * Has the brokers check every declaration, by asking for its creation with `validate_only`. A topic that is there is
 * checked under a name that is not, together with what is set on it already.
 */
export async function validate(
  access: KafkaAccess,
  declared: readonly DeclaredTopic[],
  there: ReadonlyMap<string, TopicThere>,
): Promise<Map<string, Validated>> {
  const asks = declared.map((topic, index) => asking(topic, there.get(topic.name), index));
  const verdicts = await dryCreate(
    access,
    asks.map(({ whole }) => whole),
  );
  const bad = asks.filter(({ whole }) => isRefused(verdicts.get(whole.name)!));
  const parts = await dryCreate(
    access,
    bad.flatMap((each) => each.parts),
  );
  return new Map(
    asks.map((each) => {
      const verdict = verdicts.get(each.whole.name)!;
      const keys = Object.entries(each.topic.config);
      const config = keys.map(([key, value]) => [key, verdict.config[key] ?? value]);
      const problems = bad.includes(each) ? problemsOf(each, verdict, parts) : [];
      return [
        each.topic.name,
        { problems, config: Object.fromEntries(config) as Validated['config'] },
      ];
    }),
  );
}

/** What is asked for one declaration. */
interface Asking {
  topic: DeclaredTopic;
  whole: TopicToCreate;
  /** Its name and shape, and each key of its configuration: Kafka names one problem only of what it refuses. */
  parts: TopicToCreate[];
}

function asking(topic: DeclaredTopic, there: TopicThere | undefined, index: number): Asking {
  const spare = (part: number | string): string =>
    `kcluster-validate-${randomBytes(6).toString('hex')}-${index}-${part}`;
  const shape = {
    name: there ? spare('shape') : topic.name,
    partitions: topic.partitions ?? (there && 1),
    replication: topic.replication ?? (there && 1),
  };
  return {
    topic,
    whole: { ...shape, config: { ...there?.config, ...topic.config } },
    parts: [
      { ...shape, config: {} },
      ...Object.entries(topic.config).map(([key, value], part) => ({
        name: spare(part),
        partitions: 1,
        replication: 1,
        config: { [key]: value },
      })),
    ],
  };
}

function problemsOf(
  { parts }: Asking,
  whole: TopicVerdict,
  verdicts: ReadonlyMap<string, TopicVerdict>,
): string[] {
  const refused = parts.map(({ name }) => verdicts.get(name)!).filter(isRefused);
  // What is wrong with no part by itself is wrong with how they go together.
  return (refused.length > 0 ? refused : [whole]).map(wordsOf);
}

/** A topic that another run has created meanwhile is none that the brokers refuse. */
function isRefused({ code }: TopicVerdict): boolean {
  return code !== ErrorCode.none && code !== ErrorCode.topicAlreadyExists;
}

async function dryCreate(
  access: KafkaAccess,
  topics: readonly TopicToCreate[],
): Promise<Map<string, TopicVerdict>> {
  if (topics.length === 0) return new Map();
  const verdicts = await askController(
    access,
    createTopicsRequest(topics, { validateOnly: true, timeoutMs: brokerTimeoutMs }),
  );
  return new Map(verdicts.map((verdict) => [verdict.name, verdict]));
}
