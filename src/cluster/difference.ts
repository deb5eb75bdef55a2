import type { ComposeService } from '../compose/document.js';
import { Label } from '../compose/labels.js';
import { profileOf } from '../spec/profile.js';
import { parseAddress } from '../topology/address.js';
import type { ObservedDefinition, ObservedNode } from './observed.js';

/** How many differences are named. */
const named = 3;

/**
 * In what a node differs from its definition, in words: `image a -> b, KAFKA_LOG_RETENTION_HOURS 5 -> 6 and 2 more`.
 * That it does differ is for the hash to say; what can't be seen here is only told to be so. Pure.
 */
export function differenceOf(node: ObservedNode, definition: ComposeService): string {
  const differences = [
    ...profileDifference(node, definition),
    ...imageDifference(node, definition),
    ...portDifference(node, definition),
    ...(node.definition ? definitionDifferences(node.definition, definition) : []),
  ];
  if (differences.length === 0) return 'the definition changed';
  const words = differences.slice(0, named).join(', ');
  const more = differences.length - named;
  return more > 0 ? `${words} and ${more} more` : words;
}

/** It is why much of the environment differs. */
function profileDifference(node: ObservedNode, definition: ComposeService): string[] {
  const [before, after] = [profileOf(node.labels), profileOf(definition.labels)];
  return before === after ? [] : [`profile ${before} -> ${after}`];
}

function imageDifference(node: ObservedNode, { image }: ComposeService): string[] {
  return node.image === image || node.image === '' ? [] : [`image ${node.image} -> ${image}`];
}

/** The port that clients on the host use; other addresses are in the environment. */
function portDifference(node: ObservedNode, definition: ComposeService): string[] {
  const [before, after] = [node.labels, definition.labels].map((labels) => {
    const address = labels[Label.hostAddress];
    return address === undefined ? undefined : parseAddress(address).port;
  });
  if (before === undefined || after === undefined || before === after) return [];
  return [`port ${before} -> ${after}`];
}

function definitionDifferences(before: ObservedDefinition, after: ComposeService): string[] {
  return [
    ...environmentDifferences(before, after.environment),
    ...listDifference('command', before.command ?? [], after.command ?? []),
    // An engine may list them in another order.
    ...listDifference('volumes', before.volumes.toSorted(), (after.volumes ?? []).toSorted()),
  ];
}

function listDifference(
  name: string,
  before: readonly string[],
  after: readonly string[],
): string[] {
  const [old, now] = [before.join(' '), after.join(' ')];
  return old === now ? [] : [change(name, old, now)];
}

function environmentDifferences(
  { environment: before, inherited }: ObservedDefinition,
  after: Readonly<Record<string, string>>,
): string[] {
  // What the image itself sets was never part of the definition.
  const own = Object.keys(before).filter((name) => !inherited.includes(name));
  const names = [...new Set([...own, ...Object.keys(after)])].sort();
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => (isSecret(name) ? `${name} changed` : change(name, before[name], after[name])));
}

/** A setting such as `ssl.keystore.password` is no text for a log. */
function isSecret(variable: string): boolean {
  return /PASSWORD|SECRET|JAAS|CREDENTIAL|TOKEN|(^|[._])KEY([._]|$)/i.test(variable);
}

/** Of two lists only the parts that differ. */
function change(name: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `${name} unset -> ${cut(after ?? '')}`;
  if (after === undefined) return `${name} ${cut(before)} -> unset`;
  const gone = onlyIn(before, after);
  const added = onlyIn(after, before);
  if (gone === '' && added === '') return `${name} changed`;
  if (gone === '') return `${name} gets ${cut(added)}`;
  return added === '' ? `${name} loses ${cut(gone)}` : `${name} ${cut(gone)} -> ${cut(added)}`;
}

function onlyIn(text: string, other: string): string {
  const others = partsOf(other);
  return partsOf(text)
    .filter((part) => !others.includes(part))
    .join(' ');
}

function partsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

const longest = 60;

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
