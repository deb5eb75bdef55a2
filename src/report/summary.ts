import { KclusterError, messageOf, type FailureKind } from '../errors.js';
import type { ClusterPlaces } from './cluster-text.js';
import { code, codeBlock, literal, markdownTable, prose } from './markdown.js';
import { smokeVerdict, type SmokeResult } from './smoke-text.js';
import { seconds } from './words.js';

/** A cluster that works, in Markdown: where to connect, and how its checks came out. */
export function clusterSummary(
  headline: string,
  { bootstrapServers, zookeeperConnect, places }: ClusterPlaces,
  smoke?: SmokeResult,
): string {
  const others = places.filter(({ from }) => from !== 'host');
  const rows = [
    ['Kafka', code(bootstrapServers)],
    ...others.map((place) => [literal(`Kafka for ${place.clients}`), code(place.bootstrapServers)]),
    ['ZooKeeper', code(zookeeperConnect)],
  ];
  return [
    `### ${literal(headline)}`,
    markdownTable(['to connect to', 'address'], rows),
    ...(smoke ? [checks(smoke)] : []),
  ].join('\n\n');
}

/** How the checks of a cluster came out, in Markdown. */
export function smokeSummary(smoke: SmokeResult): string {
  return [`### ${literal(`cluster "${smoke.cluster}"`)}`, checks(smoke)].join('\n\n');
}

/** The failure of a run, in Markdown: what to do first, then what else is known. */
export function failureSummary(error: unknown): string {
  const { details, hints } = error instanceof KclusterError ? error : { details: [], hints: [] };
  return [
    `### ✗ ${literal(failureTitle(error))}`,
    prose(messageOf(error)),
    ...(hints.length === 0 ? [] : [hints.map((hint) => `- ${prose(hint)}`).join('\n')]),
    ...(details.length === 0 ? [] : [codeBlock(details)]),
  ].join('\n\n');
}

/** What kind of failure it is, in a few words. */
export function failureTitle(error: unknown): string {
  return `kcluster: ${kinds[error instanceof KclusterError ? error.kind : 'bug']}`;
}

const kinds: Record<FailureKind, string> = {
  usage: 'usage',
  invalidSpec: 'invalid cluster',
  noEngine: 'no engine',
  conflict: 'conflict',
  startFailed: 'failed to start',
  notReady: 'not ready in time',
  bug: 'a bug in kcluster',
  commandNotExecutable: 'no program',
  commandNotFound: 'no such command',
  interrupted: 'interrupted',
};

function checks(smoke: SmokeResult): string {
  const rows = smoke.checks.map(({ name, ok, ms, expected, seen }) => [
    ok ? '✓' : '✗',
    literal(name),
    ok ? literal(seen) : `expected ${literal(expected)}; saw ${literal(seen)}`,
    seconds(ms),
  ]);
  return [literal(smokeVerdict(smoke)), markdownTable(['', 'check', 'result', 'time'], rows)].join(
    '\n\n',
  );
}
