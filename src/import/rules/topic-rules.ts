import { debeziumBroker, wurstmeisterBroker } from '../broker-dialects.js';
import type { Broker } from '../broker.js';
import { clusterOf, sizeOf, type ComposeContext } from '../context.js';
import { eachBroker, type Problem, type Rule, type Rules } from '../finding.js';
import { countOf } from '../topic-commands.js';
import {
  entriesAsRead,
  isRestOfPolicy,
  topicListOf,
  type TopicEntry,
  type TopicList,
} from '../topic-list.js';

/**
 * Lists of topics: `name:partitions:replicas[:cleanup.policy]`, by create-topics.sh of wurstmeister/kafka, and by the
 * entry point of debezium/kafka.
 */
export const topicRules: Rules = {
  'topics-separator': eachList((list) => separatorProblems(list)),
  'topics-form': eachList((list, _broker, _context, entries) =>
    entries.flatMap((entry, index) => {
      const before = entries[index - 1];
      if (before && isRestOfPolicy(entry.text, before)) return [splitPolicy(list, entry, before)];
      return formProblems(list, entry);
    }),
  ),
  'topics-options': eachList((list, _broker, _context, entries) =>
    entries.flatMap((entry) => {
      const { options, ignored, text } = entry;
      const { at } = list.variable;
      return [
        ...(options.length > 0
          ? [
              {
                level: 'warning',
                at,
                message: `"${entry.name}": ${options.join(' ')} is handed to a shell`,
                why: 'The image lets a shell read the entry once more, which is how options get in, and anything else.',
                fix: "Make the topic with Kafka's tools, or declare it in kcluster.yaml.",
              } as const,
            ]
          : []),
        ...(ignored.length > 0
          ? [
              {
                level: 'warning',
                at,
                message: `"${text}" has more than four fields: ${ignored.join(':')} is not read`,
                why: 'An entry is name:partitions:replicas:cleanup.policy, and no more.',
                fix: 'Leave the rest out.',
              } as const,
            ]
          : []),
      ];
    }),
  ),
  'topics-replicas': eachList((list, broker, context, entries) => {
    const size = sizeOf(clusterOf(context, broker));
    return entries
      .filter(({ replicas }) => (countOf(replicas) ?? 0) > size)
      .map(({ name, replicas }) => ({
        level: 'error',
        at: list.variable.at,
        message: `"${name}" is to have ${replicas} replicas, and there ${size === 1 ? 'is one broker' : `are ${size} brokers`}`,
        why: 'The topic is not made, and a line in the log is all that says so.',
        fix: `Write ${size} at most.`,
      }));
  }),
  'topics-twice': eachList((list, _broker, _context, entries) => {
    const names = entries.map(({ name }) => name).filter((name) => name !== '');
    return [...new Set(names.filter((name, index) => names.indexOf(name) < index))].map((name) => ({
      level: 'note',
      at: list.variable.at,
      message: `"${name}" is there twice`,
      why: 'The topic is as the entry has it that comes through first.',
      fix: 'Leave one of them out.',
    }));
  }),
  /** Both wait until something listens on the port, and the first for ten minutes. */
  'topics-port': eachList((list, broker) => {
    const { dialect, service, listeners, properties } = broker;
    const own = dialect === wurstmeisterBroker ? service.environment.get('KAFKA_PORT') : undefined;
    const port = Number(own?.value ?? 9092);
    const isServed = listeners.some((each) => each.port === port);
    const isKnown = dialect === wurstmeisterBroker || dialect === debeziumBroker;
    if (isServed || !isKnown || !properties.has('listeners')) return [];
    return [
      {
        level: 'error',
        at: list.variable.at,
        message: `no topic is made: nothing listens on ${port}`,
        why: 'The image waits for that port before it makes topics, and gives up in the end.',
        fix: `Have a listener on ${port}${dialect === wurstmeisterBroker ? ', or set KAFKA_PORT to a port that one has' : ''}.`,
      },
    ];
  }),
};

type Told = Omit<Problem, 'service'>;

/** A rule that looks at each list of topics. */
function eachList(
  check: (
    list: TopicList,
    broker: Broker,
    context: ComposeContext,
    entries: readonly TopicEntry[],
  ) => Told[],
): Rule {
  return eachBroker((broker, context) => {
    const list = topicListOf(broker);
    if (!list) return [];
    const told = check(list, broker, context, entriesAsRead(list));
    return told.map((problem) => ({ ...problem, service: broker.service }));
  });
}

function separatorProblems({ variable, separator, separatorVariable }: TopicList): Told[] {
  if (!separatorVariable) return [];
  const told = (level: Problem['level'], message: string, why: string, fix: string): Told[] => [
    { level, at: separatorVariable.at, message, why, fix },
  ];
  if (separator === '') {
    const isList = /[,;\n]/.test(variable.value.trim());
    return told(
      isList ? 'error' : 'note',
      isList
        ? 'an empty separator parts nothing: all entries are taken for one'
        : 'an empty separator parts nothing',
      'Only a variable that is not set at all stands for a comma.',
      'Leave KAFKA_CREATE_TOPICS_SEPARATOR out, or write ",".',
    );
  }
  if (separator.includes('\\n')) {
    return told(
      'error',
      'the separator is a backslash and the letter n: names are cut at every n',
      'Each of its characters parts entries, and YAML makes a line break of \\n between double quotes only.',
      'Write "\\n" with double quotes.',
    );
  }
  if (separator.length > 1 && separator !== "$'\n'") {
    return told(
      'warning',
      `each of the ${separator.length} characters of the separator parts entries by itself`,
      'The image takes them for the IFS of the shell, not for one word.',
      'Take one character.',
    );
  }
  return separator === ':'
    ? told(
        'error',
        'the separator is the colon that parts the fields of an entry',
        'An entry then has one field, and no topic is made.',
        'Take another character.',
      )
    : [];
}

function splitPolicy({ variable }: TopicList, entry: TopicEntry, before: TopicEntry): Told {
  return {
    level: 'error',
    at: variable.at,
    message: `"${before.policy},${entry.text.trim()}" is cut at the comma: "${entry.text.trim()}" is taken for a topic`,
    why: 'The comma parts entries, and the policy of the one before it is the first half only.',
    fix: 'Part the entries with KAFKA_CREATE_TOPICS_SEPARATOR: ";".',
  };
}

/** The first thing that is wrong with an entry by itself. */
function formProblems({ variable, separator }: TopicList, entry: TopicEntry): Told[] {
  const found = forms.map((form) => form(entry, separator)).find((told) => told !== undefined);
  if (!found) return [];
  const [message, why, fix] = found;
  return [{ level: 'error', at: variable.at, message, why, fix }];
}

type Form = (
  entry: TopicEntry,
  separator: string,
) => [message: string, why: string, fix: string] | undefined;

const forms: readonly Form[] = [
  ({ text }, separator) =>
    text.trim() === ''
      ? [
          'two separators side by side name an empty topic',
          'The image tries to make a topic without a name, which fails.',
          `Leave one "${separator}" out.`,
        ]
      : undefined,
  ({ text }) =>
    /^\s*\n/.test(text)
      ? [
          `"${text.trim()}" begins with a line break, and is not read`,
          'Of each entry the image reads the first line, which is empty here.',
          'Write the list on one line, or part the entries with KAFKA_CREATE_TOPICS_SEPARATOR: "\\n".',
        ]
      : undefined,
  (entry) => numberForm(entry, 'partitions') ?? numberForm(entry, 'replicas'),
  ({ name }) =>
    /^[\w.-]{1,249}$/.test(name)
      ? undefined
      : [
          `"${name}" is not the name of a topic`,
          'A name has letters, digits, ".", "_" and "-" only.',
          'Rename it.',
        ],
  ({ policy }) =>
    /^(|compact|delete|compact,delete|delete,compact)$/.test(policy)
      ? undefined
      : [
          `"${policy}" is not a cleanup.policy`,
          'The fourth field is compact or delete, and the topic is not made with anything else.',
          'Correct it, or leave it out.',
        ],
];

function numberForm(entry: TopicEntry, field: 'partitions' | 'replicas'): ReturnType<Form> {
  const value = entry[field];
  if (countOf(value) !== undefined) return undefined;
  const fix = `Write ${entry.name || 'name'}:1:1.`;
  const text = entry.text.trim();
  if (value === '') {
    const why = 'Both numbers are needed: kafka-topics gets an option without a value, and fails.';
    return [`"${text}" has no number of ${field}`, why, fix];
  }
  const why = 'kafka-topics refuses it, and the topic is not made.';
  return [`"${text}": ${value} is not a number of ${field}`, why, fix];
}
