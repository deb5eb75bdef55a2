import { unknownImage } from '../broker-dialects.js';
import { pairsOf } from '../../images/catalog.js';
import { familyNames } from '../../images/family-names.js';
import { isOf, parseReference } from '../../images/reference.js';
import { tagProblem } from '../../images/tags.js';
import { eachNode, type Rules } from '../finding.js';
import { imageOf, isKnownImage } from '../roles.js';

/** Whether images can be had, are what they seem to be, and will be so tomorrow. */
export const imageRules: Rules = {
  'image-tag': eachNode(({ service }) => {
    const problem = faultOf(imageOf(service), service.image?.value);
    if (problem === undefined) return [];
    const [reason = '', use = ''] = problem.split(/; take (?=\S+$)/);
    // What an old ZooKeeper lacks is needed for an ensemble that kcluster makes.
    const isOld = reason.includes('before 3.5');
    return [
      {
        level: isOld ? 'note' : 'error',
        at: service.image!.at,
        service,
        message: reason,
        why: isOld
          ? 'It serves by itself, but has not been mended for years.'
          : 'The image can not be pulled, or does not run on ZooKeeper.',
        fix: `Take ${use}.`,
      },
    ];
  }),
  'image-unpinned': eachNode(({ service }) => {
    const image = imageOf(service);
    const { tag = 'latest', digest, path } = parseReference(image);
    const isSure = tag !== 'latest' || digest !== undefined;
    const isKnown = faultOf(image, service.image?.value) !== undefined;
    if (image === '' || image !== service.image?.value || isSure || isKnown) return [];
    if (service.build) return [];
    return [
      {
        level: 'warning',
        at: service.image.at,
        service,
        message: `${image} names no version: it is the newest of the day it is pulled`,
        why: 'The next machine, or the next month, gets another version: of Kafka, of ZooKeeper, or of what the image reads.',
        fix: `Name a version, such as ${pinned(image) ?? `${path}:1.2.3`}.`,
      },
    ];
  }),
  'image-abandoned': eachNode(({ service }) => {
    const image = imageOf(service);
    const [, maker] = /(?:^|\/)(wurstmeister)\/(?:kafka|zookeeper)(?=[:@]|$)/.exec(image) ?? [];
    if (maker === undefined || !service.image) return [];
    return [
      {
        level: 'warning',
        at: service.image.at,
        service,
        message: `${image} is no longer built`,
        why: image.includes('zookeeper')
          ? 'The last one, of 2019, has ZooKeeper 3.4 on Java 7, and reads no variables.'
          : 'The last one, of May 2022, has Kafka 2.8.1, and the images were gone from Docker Hub for a while in 2024.',
        fix: image.includes('zookeeper')
          ? 'Take the official image, such as zookeeper:3.9.5.'
          : 'Take confluentinc/cp-kafka, such as 6.2.15 for Kafka 2.8 or 7.9.10 for Kafka 3.9.',
      },
    ];
  }),
  'image-frozen': eachNode(({ service }) => {
    const image = imageOf(service);
    const [, maker = ''] =
      /(?:^|\/)(bitnamilegacy|debezium)\/(?:kafka|zookeeper)(?=[:@]|$)/.exec(image) ?? [];
    if (maker === '' || !service.image || faultOf(image, service.image.value)) return [];
    return [
      {
        level: 'note',
        at: service.image.at,
        service,
        message: `${image} stays as it was last built`,
        why:
          maker === 'debezium'
            ? 'Debezium builds no more images of ZooKeeper, and of Kafka those without it only.'
            : 'Bitnami has moved its images there for good in August 2025, and mends nothing in them.',
        fix: 'Take confluentinc/cp-kafka and zookeeper, which are still mended.',
      },
    ];
  }),
  'image-unknown': eachNode(({ service, dialect }) => {
    if (isKnownImage(service) || dialect.name !== unknownImage) return [];
    const image = imageOf(service);
    return [
      {
        level: 'note',
        at: service.image?.at ?? service.build ?? service.at,
        service,
        message: `kcluster does not know what ${image === '' ? 'the image that is built here' : image} reads`,
        why: 'What is said of it here takes its variables for those that most images have.',
        fix: `Compare with an image that kcluster knows: \`kcluster images\`.`,
      },
    ];
  }),
};

/** Nothing is known of an image whose tag is a variable without a value. */
function faultOf(image: string, written: string | undefined): string | undefined {
  return image === '' || image !== written ? undefined : tagProblem(image);
}

/** The newest image of a repository that is known to work. */
function pinned(image: string): string | undefined {
  const reference = parseReference(image);
  const pairs = familyNames.filter((name) => name !== 'local').flatMap((name) => pairsOf(name));
  return pairs
    .flatMap(({ kafka, zookeeper }) => [kafka, zookeeper])
    .find((known) => isOf(reference, parseReference(known).path));
}
