import { pinnedVersions } from '../jars/lock.js';
import { problem, type Rule } from '../spec/check.js';
import type { Problem } from '../spec/problem.js';
import { assertNoProblems, type ResolvedSpec } from '../spec/resolve.js';
import type { ClusterSpec } from '../spec/schema.js';
import { pairsOf, type KnownPair } from './catalog.js';
import type { BrokerSetup, ImageFamily, ZooKeeperSetup } from './family.js';
import { isKraftVersion } from './kafka-line.js';
import { familyOf, kafkaFamilies, zooKeeperFamilies } from './recognise.js';
import { tagProblem } from './tags.js';

/** An image, and how it is told what it is to be. */
export interface FamilyImage<Setup> {
  image: string;
  family: ImageFamily<Setup>;
}

/** The images of one cluster. */
export interface ClusterImages {
  zookeeper: FamilyImage<ZooKeeperSetup>;
  kafka: FamilyImage<BrokerSetup>;
}

/** What keeps images from being chosen for a specification. */
export const imageRules: readonly Rule[] = [
  function versionHasImages(spec) {
    const { kafka, zookeeper } = spec;
    if (kafka.image !== undefined && zookeeper.image !== undefined) return [];
    // No images have one without ZooKeeper, and another rule tells why.
    if (isKraftVersion(kafka.version)) return [];
    return problem(['kafka', 'version'], choosePair(spec).message);
  },
  function brokerImage({ kafka }) {
    return imageProblems('kafka', kafka.image);
  },
  function zooKeeperImage({ zookeeper }) {
    return imageProblems('zookeeper', zookeeper.image);
  },
];

/**
 * The images of a specification: those that it names, else the pair that `images` has for the version of Kafka. Pure
 * but for reading which versions are pinned.
 * @throws KclusterError `invalidSpec` for images that can't run on ZooKeeper, or that kcluster doesn't know
 */
export function clusterImages({ spec, layers }: ResolvedSpec): ClusterImages {
  assertNoProblems(
    imageRules.flatMap((rule) => rule(spec)),
    layers,
  );
  const { kafka, zookeeper } = spec;
  const isNamed = kafka.image !== undefined && zookeeper.image !== undefined;
  const { pair } = isNamed ? {} : choosePair(spec);
  const broker = kafka.image ?? pair!.kafka;
  const server = zookeeper.image ?? pair!.zookeeper;
  return {
    kafka: { image: broker, family: familyOf(broker, 'kafka')! },
    zookeeper: { image: server, family: familyOf(server, 'zookeeper')! },
  };
}

/** The pair of a line of Kafka, or of the exact version where the family's tags tell it. */
function choosePair({ images, kafka: { version } }: ClusterSpec): {
  pair?: KnownPair;
  message?: string;
} {
  const pairs = pairsOf(images);
  if (version === undefined) return { pair: pairs[0]! };
  const pair = pairs.find((each) => each.kafkaLine === version || tagOf(each).includes(version));
  if (pair) return { pair };
  const known =
    images === 'local' ? pinnedVersions() : pairs.map(({ kafkaLine }) => kafkaLine).toReversed();
  return { message: `${images} images have Kafka ${known.join(', ')}, not ${version}` };
}

/** `3.9.2` of `kcluster/kafka:3.9.2`; in parts, since others write `0.45.2-kafka-3.9.2`. */
function tagOf({ kafka }: KnownPair): string[] {
  return kafka.slice(kafka.lastIndexOf(':') + 1).split('-');
}

function imageProblems(role: 'kafka' | 'zookeeper', image: string | undefined): Problem[] {
  if (image === undefined) return [];
  const families = role === 'kafka' ? kafkaFamilies : zooKeeperFamilies;
  const known = families.flatMap(({ repositories }) => repositories).join(', ');
  const isKnown =
    (role === 'kafka' ? familyOf(image, 'kafka') : familyOf(image, 'zookeeper')) !== undefined;
  // A tag has a reason of its own: an image of KRaft is in no family either.
  const message =
    tagProblem(image) ?? (isKnown ? undefined : `is of no family that kcluster knows: ${known}`);
  return problem([role, 'image'], message);
}
