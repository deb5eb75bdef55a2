import type { Broker } from './broker.js';
import { debeziumBroker, unknownImage, wurstmeisterBroker } from './broker-dialects.js';
import type { Variable } from './model.js';

/** One entry of KAFKA_CREATE_TOPICS, in the parts that the image makes of it. */
export interface TopicEntry {
  /** As it is written. */
  text: string;
  name: string;
  partitions: string;
  replicas: string;
  /** The fourth field up to a blank. */
  policy: string;
  /** What rides along behind that blank: options of kafka-topics. */
  options: readonly string[];
  /** Fields behind the fourth, which nothing reads. */
  ignored: readonly string[];
}

/** The variable that makes topics, with what parts its entries. */
export interface TopicList {
  variable: Variable;
  separator: string;
  /** The variable that says so. */
  separatorVariable?: Variable;
}

/** The list of topics that a broker's image makes; undefined where there is none, or the image reads none. */
export function topicListOf({ service, dialect }: Broker): TopicList | undefined {
  const { environment } = service;
  if (dialect === debeziumBroker) {
    const variable = environment.get('CREATE_TOPICS');
    return variable?.value ? { variable, separator: ',' } : undefined;
  }
  const isReader = dialect === wurstmeisterBroker || dialect.name === unknownImage;
  const variable = isReader ? environment.get('KAFKA_CREATE_TOPICS') : undefined;
  if (!variable?.value) return undefined;
  const separatorVariable = environment.get('KAFKA_CREATE_TOPICS_SEPARATOR');
  return {
    variable,
    separator: separatorVariable?.value ?? ',',
    ...(separatorVariable && { separatorVariable }),
  };
}

/** The entries as the image makes them. */
export function entriesAsRead({ variable, separator }: TopicList): TopicEntry[] {
  return splitWords(variable.value, separator).map(entryOf);
}

/**
 * The entries that were meant: a separator that parts nothing, or letters, stands for a comma or a line break, and
 * `compact,delete` is one policy.
 */
export function entriesAsMeant(list: TopicList): TopicEntry[] {
  const { variable, separator } = list;
  const isBackslash = separator.includes('\\n');
  const meant = isBackslash ? '\n' : separator === '' ? ',\n' : separator;
  const words = splitWords(variable.value, meant)
    .flatMap((word) => word.split('\n'))
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return words.reduce<TopicEntry[]>((entries, word) => {
    const before = entries.at(-1);
    if (before && isRestOfPolicy(word, before))
      return [...entries.slice(0, -1), { ...before, policy: `${before.policy},${word}` }];
    return [...entries, entryOf(word)];
  }, []);
}

/** Whether an entry is but the second half of `compact,delete`. */
export function isRestOfPolicy(text: string, before: TopicEntry): boolean {
  return /^(compact|delete)$/.test(text.trim()) && /^(compact|delete)$/.test(before.policy);
}

/**
 * A text in words as a POSIX shell splits it with IFS: white space among the separators counts once however often it
 * comes, any other one ends a word each time, and at the end of the text begins no further one.
 * @see POSIX, Shell Command Language, 2.6.5 Field Splitting
 */
export function splitWords(text: string, separators: string): string[] {
  if (separators === '') return text === '' ? [] : [text];
  const isSpace = (sign: string): boolean => ' \t\n'.includes(sign) && separators.includes(sign);
  const isOther = (sign: string): boolean => !isSpace(sign) && separators.includes(sign);
  const words: string[] = [];
  let at = 0;
  const skipSpace = (): void => {
    while (at < text.length && isSpace(text[at]!)) at += 1;
  };
  skipSpace();
  while (at < text.length) {
    const begin = at;
    while (at < text.length && !separators.includes(text[at]!)) at += 1;
    words.push(text.slice(begin, at));
    skipSpace();
    if (at < text.length && isOther(text[at]!)) {
      at += 1;
      skipSpace();
    }
  }
  return words;
}

/** `read` takes the first line only, and the rest goes through the shell once more. */
function entryOf(text: string): TopicEntry {
  const [line = ''] = text.split('\n');
  const [name = '', partitions = '', replicas = '', fourth = '', ...ignored] = splitWords(
    line,
    ':',
  );
  const [policy = '', ...options] = fourth.trim().split(/\s+/);
  return {
    text,
    name: name.trim(),
    partitions: partitions.trim(),
    replicas: replicas.trim(),
    policy,
    options,
    ignored,
  };
}

/** The settings that options of kafka-topics give: `--config=NAME=VALUE` or `--config NAME=VALUE`. */
export function configOf(options: readonly string[]): Record<string, string> {
  const config: Record<string, string> = {};
  for (const [index, option] of options.entries()) {
    const isNext = options[index - 1] === '--config';
    const [, setting = isNext ? option : ''] = /^--config=(.+)$/.exec(option) ?? [];
    const [name = '', value] = setting.split(/=(.*)/s, 2);
    if (value !== undefined) config[name] = value;
  }
  return config;
}
