/** A line of Kafka: `[3, 9]`. */
export type KafkaLine = readonly [major: number, minor: number];

/**
 * The line of Kafka in an image, by its tag: the Scala version of wurstmeister's and the operator's of Strimzi come
 * before it, and Confluent counts its Platform (`Supported Versions and Interoperability`: 5.5 is Kafka 2.5, 6.2 is
 * 2.8, 7.9 is 3.9). Undefined for an image or a tag that does not tell.
 */
export function kafkaLineOf(image: string): KafkaLine | undefined {
  const match = /(?:^|\/)([^/:@]+)(?::([^:/@]+))?(?:@.*)?$/.exec(image);
  const [, name, tag = ''] = match ?? [];
  if (name === 'cp-kafka' || name === 'cp-server') return confluentLine(tag);
  if (name !== 'kafka' || image.includes('debezium/')) return undefined;
  const version = tag.replace(/^.*-kafka-/, '').replace(/^2\.1[123]-/, '');
  return lineIn(/^\d+\.\d+/.exec(version)?.[0] ?? '');
}

function confluentLine(tag: string): KafkaLine | undefined {
  const [platform, minor] = lineIn(/^\d+\.\d+/.exec(tag)?.[0] ?? '') ?? [];
  if (platform === undefined || minor === undefined) return undefined;
  const lines: Record<number, KafkaLine> = { 5: [2, minor], 6: [2, 6 + minor], 7: [3, minor] };
  return lines[platform];
}

/** Reads the first two numbers of `3.9` or `3.9.2`. */
export function lineIn(version: string): KafkaLine | undefined {
  const match = /^(\d+)\.(\d+)(?:\.|$)/.exec(version);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

/** Below zero where the first is older. */
export function compareLines([major, minor]: KafkaLine, other: KafkaLine): number {
  return major - other[0] || minor - other[1];
}

/** `3.9` */
export function lineText(line: KafkaLine): string {
  return line.join('.');
}
