import { type Step } from '../cluster/plan.js';
import { subjectOf } from '../cluster/step-subject.js';

/** What a step does, for a line that says so while it runs, and for one that says it is done. */
export function stepWords(step: Step): { doing: string; done: string } {
  const subject = subjectOf(step);
  const [doing, done] = verbs[step.kind];
  return { doing: `${doing} ${subject}`, done: `${subject} ${done}` };
}

const verbs: Record<Step['kind'], readonly [doing: string, done: string]> = {
  'find-network': ['looking for', 'is there'],
  'fetch-image': ['getting', 'is here'],
  'create-network': ['creating', 'created'],
  'create-volume': ['creating', 'created'],
  'create-node': ['creating', 'created'],
  'start-node': ['starting', 'started'],
  'stop-node': ['stopping', 'stopped'],
  'kill-node': ['killing', 'killed'],
  'pause-node': ['pausing', 'paused'],
  'remove-node': ['removing', 'removed'],
  'remove-network': ['removing', 'removed'],
  'remove-volume': ['removing', 'removed'],
  'grant-lease': ['granting', 'is granted'],
  'end-lease': ['ending', 'is ended'],
  'await-zookeepers': ['waiting for', 'serves'],
  'check-data': ['checking', 'belongs here'],
  'clear-registration': ['clearing', 'is clear'],
  'await-registered': ['waiting for', 'are there'],
  'await-brokers': ['waiting for', 'are ready'],
  'apply-topics': ['applying', 'as declared'],
  'await-in-sync': ['waiting for', 'are in sync'],
  'await-leaders': ['seeing to', 'seen to'],
  'check-replicas': ['checking', 'checked'],
  'keep-writable': ['checking', 'stay writable'],
  'check-departure': ['checking', 'fit on the others'],
  'drain-brokers': ['draining', 'drained'],
  'check-drained': ['checking', 'left nothing behind'],
};

/** `0.42 s`, `12.3 s`. */
export function seconds(ms: number): string {
  const value = ms / 1000;
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

/** `2 h 5 min`, `45 s`: the two largest units. Pure. */
export function durationText(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** `1.5 MB`, in powers of a thousand as package managers count them. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** How far a piece of work is: `1.5 MB of 3.0 MB`, `1.5 MB`, `3 of 12 partitions`. */
export function progressWords({
  current,
  total,
  unit,
}: {
  current: number;
  total?: number;
  unit?: string;
}): string {
  const count = unit === undefined ? bytes : String;
  const reached = total ? `${count(current)} of ${count(total)}` : count(current);
  return unit === undefined ? reached : `${reached} ${unit}`;
}
