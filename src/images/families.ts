import type { ClusterSpec } from '../spec/schema.js';
import { pairsOf, type KnownPair } from './catalog.js';
import type { DataVolume } from './family.js';
import { familyOf } from './recognise.js';
import type { FamilyName } from './family-names.js';

export type { DataVolume } from './family.js';

/** The images of one cluster, and where their contract keeps data that must outlive a container. */
export interface ImagePair {
  zookeeper: { image: string; volumes: readonly DataVolume[] };
  kafka: { image: string; volumes: readonly DataVolume[] };
}

/**
 * The images of a family: for a line of Kafka such as `3.5`, or else its newest. Undefined when it has no images
 * of that line; `linesOf` has its lines.
 */
export function imagesFor(family: FamilyName, kafkaLine?: string): ImagePair | undefined {
  const pair = pairsOf(family).find((each) => [each.kafkaLine, undefined].includes(kafkaLine));
  return pair && withVolumes(pair);
}

/** The lines of Kafka that a family has, the newest first. */
export function linesOf(family: FamilyName): string[] {
  return pairsOf(family).map(({ kafkaLine }) => kafkaLine);
}

export function imagePair(choice: ClusterSpec['images']): ImagePair {
  return imagesFor(choice)!;
}

function withVolumes({ zookeeper, kafka }: KnownPair): ImagePair {
  return {
    zookeeper: { image: zookeeper, volumes: familyOf(zookeeper, 'zookeeper')!.volumes },
    kafka: { image: kafka, volumes: familyOf(kafka, 'kafka')!.volumes },
  };
}
