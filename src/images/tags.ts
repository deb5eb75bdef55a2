import {
  formatReference,
  isAtLeast,
  isFromHub,
  isOf,
  parseReference,
  versionOf,
  type ImageReference,
} from './reference.js';

/** A fault of an image, and the image to take in its place. */
interface Fault {
  reason: string;
  use: Partial<ImageReference>;
}

/** @param tag `latest` where the reference has none */
type Check = (tag: string, image: ImageReference) => Fault | undefined;

/**
 * Why an image can't run on ZooKeeper, or can't be had, with the one to take instead: one line. Undefined when there
 * is nothing to say, which does not mean that the tag exists. A reference by digest only is taken as it is.
 */
export function tagProblem(reference: string): string | undefined {
  const image = parseReference(reference);
  const [repository, check] = Object.entries(checks).find(([each]) => isOf(image, each)) ?? [];
  if (repository === undefined || check === undefined) return undefined;
  if (image.tag === undefined && image.digest !== undefined && !neverFine.has(repository))
    return undefined;
  const fault = check(image.tag ?? 'latest', image);
  if (!fault) return undefined;
  return `${reference}: ${fault.reason}; take ${replacement(image, repository, fault.use)}`;
}

const neverFine = new Set(['apache/kafka-native', 'confluentinc/confluent-local']);

/** The same registry and path, unless the replacement says otherwise. */
function replacement(
  { host, path }: ImageReference,
  repository: string,
  use: Partial<ImageReference>,
): string {
  const prefix = path.slice(0, path.length - repository.length);
  return formatReference({
    ...(host !== undefined && { host }),
    ...use,
    path: prefix + (use.path ?? repository),
  });
}

/** By repository. Where a family has several, each has its entry. */
const checks: Readonly<Record<string, Check>> = {
  zookeeper: officialZooKeeper,
  'library/zookeeper': officialZooKeeper,
  'confluentinc/cp-kafka': (tag) =>
    beyond(tag, [8], `${nameOf(tag, 'Confluent Platform')} has no ZooKeeper mode`, '7.9.10'),
  'confluentinc/cp-zookeeper': (tag) =>
    beyond(
      tag,
      [8],
      tag === 'latest' ? 'names no version of Confluent Platform' : 'was never published',
      '7.9.10',
    ),
  'confluentinc/confluent-local': () => ({
    reason: 'runs KRaft only',
    use: { path: 'confluentinc/cp-kafka', tag: '7.9.10' },
  }),
  'apache/kafka': (tag) =>
    before(tag, [3, 7], 'the images of Apache Kafka begin with 3.7', '3.7.2') ??
    beyond(tag, [4], `${nameOf(tag, 'Kafka')} has no ZooKeeper mode`, '3.9.2'),
  'apache/kafka-native': () => ({
    reason: 'runs KRaft only',
    use: { path: 'apache/kafka', tag: '3.9.2' },
  }),
  'strimzi/kafka': strimzi,
  'bitnamilegacy/kafka': (tag) =>
    beyond(tag, [4], `${nameOf(tag, 'Kafka')} has no ZooKeeper mode`, '3.9.0'),
  'bitnami/kafka': (tag, image) => moved(tag, image, 'kafka', '3.9.0'),
  'bitnami/zookeeper': (tag, image) => moved(tag, image, 'zookeeper', '3.9.3-debian-12-r22'),
  'debezium/kafka': (tag, image) =>
    debezium(
      image,
      tag,
      beyond(tag, [3, 2], `${nameOf(tag, 'Debezium')} has no ZooKeeper mode`, '3.1'),
    ),
  'debezium/zookeeper': (tag, image) =>
    debezium(
      image,
      tag,
      beyond(tag, [3, 3], 'the images of ZooKeeper end with Debezium 3.2', '3.1'),
    ),
  'wurstmeister/zookeeper': (tag) =>
    tag === '3.4.6'
      ? {
          reason: 'has a manifest of schema 1, which Docker no longer pulls',
          use: { path: 'wurstmeister/zookeeper', tag: 'latest' },
        }
      : undefined,
};

function officialZooKeeper(tag: string): Fault | undefined {
  return before(
    tag,
    [3, 5],
    'ZooKeeper before 3.5 does not know the ports of clients in its list of servers',
    '3.9.5',
  );
}

/** `0.45.2-kafka-3.9.2`: the version of the operator, and that of Kafka. */
function strimzi(tag: string): Fault | undefined {
  const [, operator = tag, kafka] = /^(.+)-kafka-(.+)$/.exec(tag) ?? [];
  const use = '0.45.2-kafka-3.9.2';
  return (
    beyond(operator, [0, 46], `${nameOf(operator, 'Strimzi')} has no ZooKeeper`, use) ??
    (kafka === undefined
      ? undefined
      : beyond(kafka, [4], `${nameOf(kafka, 'Kafka')} has no ZooKeeper mode`, use))
  );
}

/** Bitnami's images of old were moved, under the same tags. */
function moved(
  tag: string,
  image: ImageReference,
  name: 'kafka' | 'zookeeper',
  newest: string,
): Fault | undefined {
  const version = versionOf(tag);
  const kept = version !== undefined && !isAtLeast(version, [4]);
  const use = { path: `bitnamilegacy/${name}`, tag: kept ? tag : newest };
  if (isFromHub(image)) return { reason: 'Bitnami has moved its images to bitnamilegacy', use };
  return kept || name === 'zookeeper'
    ? undefined
    : { reason: `${nameOf(tag, 'Kafka')} has no ZooKeeper mode`, use };
}

/** A fault of the tag, or else that of the registry; either is mended at Debezium's own. */
function debezium(image: ImageReference, tag: string, fault: Fault | undefined): Fault | undefined {
  if (!isFromHub(image)) return fault;
  const left = { reason: 'Debezium has left Docker Hub', use: { tag } };
  const { reason, use } = fault ?? left;
  return { reason, use: { ...use, host: 'quay.io' } };
}

/** A fault of `latest`, and of versions from the first bad one on; other words say nothing. */
function beyond(
  tag: string,
  firstBad: readonly number[],
  reason: string,
  use: string,
): Fault | undefined {
  const version = versionOf(tag);
  const bad = version ? isAtLeast(version, firstBad) : /^(latest|nightly)\b/.test(tag);
  return bad ? { reason, use: { tag: use } } : undefined;
}

/** A fault of versions before the first good one. */
function before(
  tag: string,
  firstGood: readonly number[],
  reason: string,
  use: string,
): Fault | undefined {
  const version = versionOf(tag);
  return version && !isAtLeast(version, firstGood) ? { reason, use: { tag: use } } : undefined;
}

/** `Kafka 4.0`, or `the newest Kafka` for `latest`. */
function nameOf(tag: string, product: string): string {
  const version = versionOf(tag);
  return version ? `${product} ${version.slice(0, 2).join('.')}` : `the newest ${product}`;
}
