import { pairsOf } from '../images/catalog.js';
import { compareLines, kafkaLineOf } from '../images/kafka-line.js';
import { isAtLeast, isOf, parseReference, versionOf } from '../images/reference.js';

/**
 * The line of Kafka that an image has, also where its tag does not tell but it is known all the same: `latest` of
 * wurstmeister's is what was built last, and of Debezium's versions it is known which Kafka they have.
 */
export function lineOf(reference: string): string | undefined {
  const image = parseReference(reference);
  const tag = image.tag ?? (image.digest === undefined ? 'latest' : '');
  if (isOf(image, 'wurstmeister/kafka') && tag === 'latest') return '2.8';
  if (isOf(image, 'debezium/kafka')) return ofDebezium(tag);
  if (isOf(image, 'confluentinc/cp-enterprise-kafka')) return kafkaLineOf(`cp-kafka:${tag}`);
  return kafkaLineOf(reference);
}

/** Whether a line is another one or newer. */
export function isLineFrom(line: string, from: string): boolean {
  return compareLines(line, from) >= 0;
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
