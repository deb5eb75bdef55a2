import type { EngineName } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import { Label } from '../compose/labels.js';
import { clientEnvironment } from '../connect/environment.js';
import { compareLines, kafkaVersionOf } from '../images/kafka-line.js';
import { recoverTopology } from '../topology/recover.js';
import type { ClientPlace } from '../topology/topology.js';
import { placeOf } from './place.js';

/**
 * The variables for a program that is started beside a cluster which is there. Pure.
 * @throws KclusterError `usage` when the cluster has no listener for the place
 */
export function environmentOf(
  engine: EngineName,
  observed: ObservedProject,
  from: ClientPlace = 'host',
): Record<string, string> {
  return clientEnvironment({
    name: observed.project,
    engine,
    addresses: placeOf(from, recoverTopology(observed)),
    kafkaVersion: oldestKafka(observed),
  });
}

/** During an upgrade that of the broker that can do least; undefined where an image does not tell. */
function oldestKafka({ nodes }: ObservedProject): string | undefined {
  const versions = nodes
    .filter(({ labels }) => labels[Label.role] === 'broker')
    .map(({ image }) => kafkaVersionOf(image));
  if (!versions.every((version) => version !== undefined)) return undefined;
  return versions.toSorted(compareLines)[0];
}
