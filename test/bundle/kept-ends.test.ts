import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventLog } from '../../src/bundle/event-log.js';
import { KeptEnds } from '../../src/bundle/kept-ends.js';
import type { Event } from '../../src/report/events.js';

const marker = (count: number): string => `[${count}]`;

it('what fits is kept as a whole; else the begin, the end, and how many lines are gone', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 4000 });
  fc.assert(
    fc.property(numbers, fc.nat(400), fc.nat(400), (values, first, last) => {
      const kept = new KeptEnds({ first, last });
      const written = values.map(String);
      written.forEach((line) => kept.push(line));
      const lines = kept.lines(marker);
      const at = lines.findIndex((line) => line.startsWith('['));
      if (at === -1) {
        expect(lines).toEqual(written);
        return;
      }
      const [begin, end] = [lines.slice(0, at), lines.slice(at + 1)];
      expect(begin).toEqual(written.slice(0, begin.length));
      expect(end).toEqual(end.length === 0 ? [] : written.slice(-end.length));
      expect(lines[at]).toBe(marker(written.length - begin.length - end.length));
      expect(sizeOf(begin)).toBeLessThanOrEqual(first);
      expect(sizeOf(end)).toBeLessThanOrEqual(last);
      // No line more would fit.
      expect(sizeOf(written.slice(0, begin.length + 1))).toBeGreaterThan(first);
      expect(sizeOf(written.slice(-end.length - 1))).toBeGreaterThan(last);
    }),
  );
});

it('a line without an end is cut, and says so', () => {
  const kept = new KeptEnds({ first: 100_000, last: 100_000 });
  kept.push('x'.repeat(1_000_000));
  const [line] = kept.lines(marker);
  expect(line!.length).toBeLessThan(17_000);
  expect(line).toContain('984000 more characters of this line are left out');
});

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

const parse = (log: EventLog): Record<string, unknown>[] =>
  log
    .text()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('events are passed on and recorded, of progress only the last of a row', () => {
  const log = new EventLog();
  const passed: Event[] = [];
  const emit = log.recording((event) => void passed.push(event));
  const events: Event[] = [
    { type: 'notice', message: 'a' },
    { type: 'progress', task: 'kafka', current: 1 },
    { type: 'progress', task: 'kafka', current: 2 },
    { type: 'progress', task: 'zookeeper', current: 3 },
    { type: 'progress-done', task: 'kafka' },
  ];
  events.forEach(emit);
  expect(passed).toEqual(events);
  const recorded = parse(log);
  expect(recorded).toMatchObject([events[0], events[2], events[3], events[4]]);
  for (const { at } of recorded) expect(Date.parse(String(at))).not.toBeNaN();
});

it('many events are bounded', () => {
  const log = new EventLog({ first: 1000, last: 1000 });
  const emit = log.recording(() => undefined);
  for (let number = 0; number < 500; number += 1) emit({ type: 'notice', message: String(number) });
  const recorded = parse(log);
  expect(recorded.length).toBeLessThan(40);
  const { leftOut } = recorded.find((each) => 'leftOut' in each)!;
  expect(leftOut).toBe(500 - (recorded.length - 1));
  expect(recorded.at(-1)).toMatchObject({ message: '499' });
});
