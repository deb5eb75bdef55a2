import type { Step } from '../cluster/plan.js';
import { subjectOf } from '../cluster/step-subject.js';
import type { Event } from './events.js';

/** A run as its events told it. Times are in milliseconds since the process began. */
export interface Recording {
  /** When the work of the command began: what came before is the program's own start. */
  begin: number;
  end: number;
  events: readonly { at: number; event: Event }[];
}

/** A stretch of a run, in milliseconds since the process began. */
interface Span {
  name: string;
  begin: number;
  ms: number;
}

/** What was done one after the other; no two of a run overlap. */
interface StageOfRun extends Span {
  /** What was done in it, also side by side; left out where that is the stage itself. */
  parts?: Span[];
}

export interface Timings {
  /** From the start of the process on. */
  ms: number;
  stages: StageOfRun[];
}

/** Where the time of a run went. Pure. */
export function timingsOf({ begin, end, events }: Recording): Timings {
  const pieces = events.flatMap(pieceOf).toSorted((a, b) => a.begin - b.begin);
  const prepared = preparation(begin, pieces[0]?.begin ?? end, events);
  const stages = [...prepared, ...stagesOf(pieces)];
  return { ms: Math.round(end), stages: stages.map(rounded) };
}

/** One step or check, and the name of the stage that it is of. */
interface Piece extends Span {
  stage: string;
}

/** Events that tell of an end have the duration as well. */
function pieceOf({ at, event }: Recording['events'][number]): Piece[] {
  switch (event.type) {
    case 'step-done':
    case 'step-failed': {
      const { step, ms } = event;
      return [{ stage: stageOf(step), name: subjectOf(step), begin: at - ms, ms }];
    }
    case 'check':
      return [{ stage: 'smoke', name: event.name, begin: at - event.ms, ms: event.ms }];
    default:
      return [];
  }
}

/** What comes before the first step. */
function preparation(begin: number, end: number, events: Recording['events']): Span[] {
  const chosen = events.find(({ event }) => event.type === 'engine')?.at;
  const bounds: [string, number][] =
    chosen === undefined
      ? [['looking at what is there', begin]]
      : [
          ['choosing the engine', begin],
          ['specification, ports and plan', chosen],
        ];
  return [['starting kcluster', 0] as const, ...bounds].map(([name, from], index) => {
    const to = bounds[index]?.[1] ?? end;
    return { name, begin: from, ms: to - from };
  });
}

/**
 * Pieces that overlap are one stage, as are those of one name that follow each other.
 * @param pieces those that began first come first
 */
function stagesOf(pieces: readonly Piece[]): StageOfRun[] {
  const groups: Piece[][] = [];
  for (const piece of pieces) {
    const last = groups.at(-1);
    if (last && (piece.begin < endOf(last) || isOf(piece.stage, last))) last.push(piece);
    else groups.push([piece]);
  }
  return groups.map((group) => {
    const begin = group[0]!.begin;
    const names = new Set(group.map(({ stage }) => stage));
    const parts = group.map(({ name, begin, ms }) => ({ name, begin, ms }));
    const span = { name: [...names].join(', '), begin, ms: endOf(group) - begin };
    return parts.length === 1 ? span : { ...span, parts };
  });
}

function isOf(stage: string, pieces: readonly Piece[]): boolean {
  return pieces.every((piece) => piece.stage === stage);
}

function endOf(pieces: readonly Piece[]): number {
  return Math.max(...pieces.map(({ begin, ms }) => begin + ms));
}

function rounded(stage: StageOfRun): StageOfRun {
  const { parts } = stage;
  return { ...roundedSpan(stage), ...(parts && { parts: parts.map(roundedSpan) }) };
}

/** The ends are rounded, so that what follows on something still does. */
function roundedSpan({ name, begin, ms }: Span): Span {
  const from = Math.round(begin);
  return { name, begin: from, ms: Math.round(begin + ms) - from };
}

function stageOf(step: Step): string {
  if (step.kind !== 'start-node') return stages[step.kind];
  return step.service.startsWith('broker-') ? 'starting brokers' : 'starting ZooKeeper';
}

const stages: Record<Exclude<Step['kind'], 'start-node'>, string> = {
  'find-network': 'finding networks',
  'fetch-image': 'fetching images or jars',
  'create-network': 'creating',
  'create-volume': 'creating',
  'create-node': 'creating',
  'stop-node': 'removing',
  'kill-node': 'removing',
  'pause-node': 'removing',
  'remove-node': 'removing',
  'remove-network': 'removing',
  'remove-volume': 'removing',
  'grant-lease': 'lease',
  'end-lease': 'lease',
  'await-zookeepers': 'waiting for ZooKeeper',
  'check-data': 'checking data of before',
  'clear-registration': 'checking data of before',
  'await-brokers': 'waiting for brokers',
  'await-registered': 'waiting for brokers',
  'await-leaders': 'waiting for brokers',
  'await-in-sync': 'waiting for brokers',
  'apply-topics': 'topics',
  'keep-writable': 'topics',
  'check-replicas': 'topics',
  'check-departure': 'moving partitions',
  'drain-brokers': 'moving partitions',
  'check-drained': 'moving partitions',
};
