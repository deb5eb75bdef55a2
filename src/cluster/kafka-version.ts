import type { ComposeDocument } from '../compose/document.js';
import { Label } from '../compose/labels.js';
import { KclusterError } from '../errors.js';
import { compareLines, kafkaLineOf } from '../images/kafka-line.js';
import type { ObservedProject } from './observed.js';

/** A broker that is there and is to be of another line of Kafka. */
export interface LineChange {
  service: string;
  from: string;
  to: string;
}

/** The brokers whose line of Kafka a document changes, as far as their images tell. Pure. */
export function lineChanges(
  { services }: Pick<ComposeDocument, 'services'>,
  { nodes }: ObservedProject,
): LineChange[] {
  return nodes.flatMap(({ service, image, labels }) => {
    const wanted = services[service]?.image;
    if (labels[Label.role] !== 'broker' || wanted === undefined) return [];
    const [from, to] = [kafkaLineOf(image), kafkaLineOf(wanted)];
    return from && to && compareLines(from, to) !== 0 ? [{ service, from, to }] : [];
  });
}

/**
 * The line whose protocol the brokers of a project have in common: that of the oldest program, or what an upgrade has
 * pinned them to. Undefined where an image does not tell its line. Pure.
 */
export function commonProtocol({ nodes }: ObservedProject): string | undefined {
  const lines = nodes
    .filter(({ labels }) => labels[Label.role] === 'broker')
    .map(({ image, labels }) => labels[Label.protocol] ?? kafkaLineOf(image));
  if (!lines.every((line) => line !== undefined)) return undefined;
  return lines.toSorted(compareLines)[0];
}

/** Refuses an older Kafka than the one that has written the data. @throws KclusterError `conflict` */
export function assertNoDowngrade(
  document: Pick<ComposeDocument, 'services'>,
  observed: ObservedProject,
): void {
  const [older] = lineChanges(document, observed).filter(
    ({ from, to }) => compareLines(to, from) < 0,
  );
  if (!older) return;
  const { project } = observed;
  const { from, to } = older;
  throw new KclusterError(
    'conflict',
    `${older.service} runs Kafka ${from}, and what it has written is not for Kafka ${to}`,
    {
      hints: [
        `Kafka has no way back: keep it with \`--kafka ${from}\`.`,
        ...(isMixed(observed)
          ? [`Go on with the upgrade: \`kcluster upgrade --kafka ${from} --name ${project}\`.`]
          : []),
        `Begin anew, without the data: \`kcluster down --volumes --name ${project}\`.`,
      ],
    },
  );
}

/**
 * Refuses to change anything but the version while an upgrade is under way, or by a change that is one: brokers that
 * can't speak to each other would come of it. @throws KclusterError `conflict`
 */
export function assertSameKafka(
  document: Pick<ComposeDocument, 'services'>,
  observed: ObservedProject,
): void {
  const { project, nodes } = observed;
  const [change] = lineChanges(document, observed);
  const pinned = nodes.some(({ labels }) => labels[Label.protocol] !== undefined);
  if (!change && !pinned) return;
  const newest = nodes
    .flatMap(({ image }) => kafkaLineOf(image) ?? [])
    .toSorted(compareLines)
    .at(-1);
  const version = change && !pinned && !isMixed(observed) ? change.to : newest!;
  const why =
    pinned || isMixed(observed)
      ? `the upgrade of cluster "${project}" to Kafka ${version} has not ended`
      : `cluster "${project}" would get Kafka ${version} with it`;
  throw new KclusterError('conflict', why, {
    hints: [`Upgrade it first: \`kcluster upgrade --kafka ${version} --name ${project}\`.`],
  });
}

function isMixed({ nodes }: ObservedProject): boolean {
  const lines = nodes
    .filter(({ labels }) => labels[Label.role] === 'broker')
    .flatMap(({ image }) => kafkaLineOf(image) ?? []);
  return new Set(lines).size > 1;
}
