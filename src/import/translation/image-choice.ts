import { pairsOf } from '../../images/catalog.js';
import type { FamilyName } from '../../images/family-names.js';
import { familyOf } from '../../images/recognise.js';
import { isAtLeast, isFromHub, isOf, parseReference, versionOf } from '../../images/reference.js';
import { tagProblem } from '../../images/tags.js';
import type { Broker } from '../broker.js';
import type { Cluster } from '../context.js';
import { isLineFrom } from '../kafka-line.js';
import { imageOf } from '../roles.js';
import type { Server } from '../server.js';
import {
  bitnamiServer,
  confluentServer,
  debeziumServer,
  officialServer,
  scriptServer,
  type ServerDialect,
} from '../server-dialects.js';
import { changed, partOf, type Part, type Remark } from './part.js';

/** The images of a cluster, and the version of Kafka. */
export function imagesPart({ brokers, servers }: Cluster): Part {
  const [broker] = brokers;
  const [server] = servers;
  if (!broker) return partOf([]);
  const images = familyFor(broker, server);
  const { version, why } = lineIn(images, broker);
  return partOf(
    [
      // Those that are taken anyway are left out, since local processes have others.
      [['images'], images === 'published' ? undefined : images, familyReason(images)],
      [['kafka', 'version'], version, why],
      [['kafka', 'image'], ownImage(broker, 'kafka')],
      [['zookeeper', 'image'], server && ownImage(server, 'zookeeper')],
    ],
    lineRemarks(broker, version),
  );
}

/** Repositories of brokers and the ZooKeepers that go with them in a family that can still be had. */
const families: readonly (readonly [string, ServerDialect, FamilyName])[] = [
  ['confluentinc/cp-kafka', confluentServer, 'confluent'],
  ['bitnamilegacy/kafka', bitnamiServer, 'bitnami'],
  ['debezium/kafka', debeziumServer, 'debezium'],
  ['apache/kafka', officialServer, 'apache'],
  ['strimzi/kafka', scriptServer, 'strimzi'],
  ['kcluster/kafka', officialServer, 'local'],
];

/** The family that has both images and the line; where there is none, those that kcluster takes by default. */
function familyFor({ service, line }: Broker, server: Server | undefined): FamilyName {
  const image = parseReference(imageOf(service));
  const [, , family] =
    families.find(
      ([repository, dialect]) => isOf(image, repository) && dialect === server?.dialect,
    ) ?? [];
  if (family === undefined) return 'published';
  const isAsNear =
    line === undefined || nearestLine(family, line) === nearestLine('published', line);
  return isAsNear ? family : 'published';
}

function familyReason(images: FamilyName): string {
  return `The images of ${images}, as in the compose file; \`kcluster images\` shows the others.`;
}

/** The line of the file's image, or the nearest that the family has; none where the tag does not tell. */
function lineIn(images: FamilyName, broker: Broker): { version?: string; why?: string } {
  const { line, service } = broker;
  if (line === undefined) return {};
  const version = nearestLine(images, line);
  const image = imageOf(service);
  const why =
    version === line
      ? `The line of ${image}.`
      : `In place of Kafka ${line} of ${image}, which no known image has.`;
  return { version, why };
}

/** The oldest line that is not older, or the newest of all. */
export function nearestLine(images: FamilyName, line: string): string {
  const lines = pairsOf(images).map(({ kafkaLine }) => kafkaLine);
  return lines.findLast((each) => isLineFrom(each, line)) ?? lines[0]!;
}

/** An image of a mirror, or one by digest, is taken as it is. */
function ownImage({ service }: Broker | Server, role: 'kafka' | 'zookeeper'): string | undefined {
  const image = imageOf(service);
  if (image === '' || image !== service.image?.value || tagProblem(image) !== undefined)
    return undefined;
  const family = role === 'kafka' ? familyOf(image, 'kafka') : familyOf(image, 'zookeeper');
  if (!family) return undefined;
  const reference = parseReference(image);
  const isVendors = isFromHub(reference) || reference.host === 'quay.io';
  const isWhole = family.repositories.includes(reference.path);
  return isVendors && isWhole && reference.digest === undefined ? undefined : image;
}

function lineRemarks({ service, line }: Broker, version: string | undefined): Remark[] {
  if (line === undefined || line === version) return [];
  return [
    changed({
      level: 'warning',
      at: service.image?.at ?? service.at,
      service,
      message: `Kafka ${line} becomes Kafka ${version}`,
      why: isAtLeast(versionOf(line)!, [4])
        ? 'Kafka 4 has no ZooKeeper mode, and 3.9 is the last line that has one.'
        : `kcluster knows no images of Kafka ${line} that still can be had.`,
      fix: 'Compare with `kcluster images`.',
    }),
  ];
}

/** Which images take the place of the file's, each of them told once. */
export function imageRemarks(
  { brokers, servers }: Cluster,
  taken: { kafka: string; zookeeper: string },
): Remark[] {
  return [...replaced(brokers, taken.kafka), ...replaced(servers, taken.zookeeper)];
}

function replaced(nodes: readonly (Broker | Server)[], taken: string): Remark[] {
  const byImage = new Map(nodes.toReversed().map((node) => [imageOf(node.service), node.service]));
  return [...byImage].flatMap(([image, service]) => {
    if (image === taken) return [];
    return [
      changed({
        at: service.image?.at ?? service.build ?? service.at,
        service,
        message: `${image === '' ? 'the image that is built here' : image} becomes ${taken}`,
        why: whyOther(image, taken),
        fix: 'Choose others with the key images in kcluster.yaml: `kcluster images` lists them.',
      }),
    ];
  });
}

function whyOther(image: string, taken: string): string {
  if (isOf(parseReference(image), parseReference(taken).path))
    return 'It is the image of that line which is known to work.';
  if (image.includes('wurstmeister/')) return 'The image is no longer built.';
  if (image.includes('bitnami/')) return 'Bitnami has taken its images away from there.';
  if (/cp-(server|enterprise-kafka)/.test(image))
    return "It has Apache Kafka inside, and Confluent's commercial parts around it.";
  return 'The two images of a cluster are a pair that is known to work.';
}
