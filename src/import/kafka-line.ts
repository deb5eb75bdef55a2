import { pairsOf } from '../images/catalog.js';
import { isAtLeast, isOf, parseReference, versionOf } from '../images/reference.js';

/** How the line of Kafka is told from a tag, by repository. */
const readers: readonly (readonly [repositories: readonly string[], read: LineReader])[] = [
  [
    ['confluentinc/cp-kafka', 'confluentinc/cp-server', 'confluentinc/cp-enterprise-kafka'],
    ofConfluentPlatform,
  ],
  [['apache/kafka', 'bitnami/kafka', 'bitnamilegacy/kafka', 'kcluster/kafka'], plainly],
  [['debezium/kafka'], ofDebezium],
  [['strimzi/kafka'], (tag) => plainly(/-kafka-(.+)$/.exec(tag)?.[1] ?? '')],
  // Built up to May 2022, and `latest` is what was built last.
  [
    ['wurstmeister/kafka'],
    (tag) => (tag === 'latest' ? '2.8' : plainly(tag.replace(/^2\.1[0-3]-/, ''))),
  ],
];

type LineReader = (tag: string) => string | undefined;

/** The line of Kafka that an image has, such as `3.9`; undefined where its tag does not tell. */
export function kafkaLineOf(reference: string): string | undefined {
  const image = parseReference(reference);
  const [, read] = readers.find(([names]) => names.some((name) => isOf(image, name))) ?? [];
  if (image.tag === undefined && image.digest !== undefined) return undefined;
  return read?.(image.tag ?? 'latest');
}

/** Whether a line is another one or newer. */
export function isLineFrom(line: string, from: string): boolean {
  return isAtLeast(versionOf(line) ?? [], versionOf(from)!);
}

function plainly(tag: string): string | undefined {
  const [major, minor] = versionOf(tag) ?? [];
  return major === undefined || minor === undefined ? undefined : `${major}.${minor}`;
}

/** @see Confluent Platform and Apache Kafka compatibility: 7.x is 3.x, 6.x goes on where 5.x ends. */
function ofConfluentPlatform(tag: string): string | undefined {
  const [major, minor] = versionOf(tag) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  if (major >= 8) return `4.${minor}`;
  if (major === 7) return `3.${minor}`;
  if (major === 6) return `2.${minor + 6}`;
  if (major === 5) return `2.${minor}`;
  return major === 4 ? `1.${minor}` : undefined;
}

/** The line of the newest version of Debezium that is known and not newer. */
function ofDebezium(tag: string): string | undefined {
  const version = versionOf(tag);
  if (version === undefined) return undefined;
  const known = pairsOf('debezium');
  const pair = known.find(({ kafka }) =>
    isAtLeast(version, versionOf(parseReference(kafka).tag!)!),
  );
  return (pair ?? known.at(-1))?.kafkaLine;
}
