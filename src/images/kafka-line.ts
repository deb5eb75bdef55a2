/**
 * The line of Kafka in an image, such as `3.9`, by its tag: the Scala version of wurstmeister's and the operator's of
 * Strimzi come before it, and Confluent counts its Platform (`Supported Versions and Interoperability`: 5.5 is Kafka 2.5,
 * 6.2 is 2.8, 7.9 is 3.9). Undefined for an image or a tag that does not tell.
 */
export function kafkaLineOf(image: string): string | undefined {
  const match = /(?:^|\/)([^/:@]+)(?::([^:/@]+))?(?:@.*)?$/.exec(image);
  const [, name, tag = ''] = match ?? [];
  if (name === 'cp-kafka' || name === 'cp-server') return confluentLine(tag);
  if (name !== 'kafka' || image.includes('debezium/')) return undefined;
  const version = tag.replace(/^.*-kafka-/, '').replace(/^2\.1[123]-/, '');
  return /^\d+\.\d+/.exec(version)?.[0];
}

function confluentLine(tag: string): string | undefined {
  const [, platform = '', minor = ''] = /^(\d+)\.(\d+)/.exec(tag) ?? [];
  const lines: Record<string, string> = {
    '5': `2.${minor}`,
    '6': `2.${6 + Number(minor)}`,
    '7': `3.${minor}`,
  };
  return lines[platform];
}

/**
 * The version of Kafka in an image with three numbers, such as `3.9.2`: the first of its line where the tag tells no
 * more than the line, as Confluent's. Undefined where it does not tell that either.
 */
export function kafkaVersionOf(image: string): string | undefined {
  const line = kafkaLineOf(image);
  if (line === undefined) return undefined;
  const exact = new RegExp(`[:-](${line.replace('.', String.raw`\.`)}\\.\\d+)`).exec(image);
  return exact?.[1] ?? `${line}.0`;
}

/** Below zero where the first is older. */
export function compareLines(line: string, other: string): number {
  return line.localeCompare(other, 'en', { numeric: true });
}

/** Whether a version has no ZooKeeper mode any more. */
export function isKraftVersion(version: string | undefined): boolean {
  return version !== undefined && Number.parseInt(version, 10) >= 4;
}
