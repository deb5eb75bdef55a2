import type { Service } from './model.js';
import { shellWords } from './shell-words.js';
import { startLine } from './start-command.js';
import { configOf } from './topic-list.js';

/** A topic that a command makes. */
export interface MadeTopic {
  name: string;
  partitions?: number;
  replicas?: number;
  /** Of the broker or ZooKeeper that is asked, where it is said. */
  host?: string;
  config: Readonly<Record<string, string>>;
}

/** The topics that a service makes with `kafka-topics --create`, as far as its command tells their names. */
export function topicsMadeBy(service: Service): MadeTopic[] {
  const line = startLine(service)
    .replaceAll(/\\\r?\n/g, ' ')
    .replaceAll(
      /\$\{?(\w+)\}?/g,
      (all: string, name: string) => service.environment.get(name)?.value ?? all,
    );
  const calls = line.match(/kafka-topics(?:\.sh)?\b[^;&|\n]*/g) ?? [];
  return calls
    .filter((call) => /--create\b/.test(call))
    .flatMap((call) => topicOf(shellWords(call.replaceAll(/\\?["']/g, ''))) ?? []);
}

function topicOf(words: readonly string[]): MadeTopic | undefined {
  const value = (flag: string): string | undefined => {
    const at = words.indexOf(flag);
    if (at >= 0) return words[at + 1];
    return words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
  };
  const name = value('--topic');
  if (name === undefined || !/^[\w.-]+$/.test(name)) return undefined;
  const partitions = countOf(value('--partitions'));
  const replicas = countOf(value('--replication-factor'));
  const host = (value('--bootstrap-server') ?? value('--zookeeper'))?.split(/[:,/]/)[0];
  return {
    name,
    ...(host !== undefined && { host }),
    ...(partitions !== undefined && { partitions }),
    ...(replicas !== undefined && { replicas }),
    config: configOf(words),
  };
}

/** A number of partitions or replicas; undefined for what is none. */
export function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
}
