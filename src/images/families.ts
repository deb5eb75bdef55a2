import type { ClusterSpec } from '../spec/schema.js';
import { pairsOf, type KnownPair } from './catalog.js';
import type { DataVolume } from './family.js';
import { familyOf } from './recognise.js';
import type { ImageSet } from './sets.js';

export type { DataVolume } from './family.js';

/** The images of one cluster, and where their contract keeps data that must outlive a container. */
export interface ImagePair {
  zookeeper: { image: string; volumes: readonly DataVolume[] };
  kafka: { image: string; volumes: readonly DataVolume[] };
}

/**
 * The images of a set: for a line of Kafka such as `3.5`, or else its newest. Undefined when the set has no images
 * of that line; `linesOf` has its lines.
 */
export function imagesFor(set: ImageSet, kafkaLine?: string): ImagePair | undefined {
  const pair = pairsOf(set).find((each) => [each.kafkaLine, undefined].includes(kafkaLine));
  return pair && withVolumes(pair);
}

/** The lines of Kafka that a set has, the newest first. */
export function linesOf(set: ImageSet): string[] {
  return pairsOf(set).map(({ kafkaLine }) => kafkaLine);
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
